"""What an API key looks like, and how much of one is shown."""

KEY_PREFIXES = ("sk_live_", "sk_test_")
PREFIX_LENGTH = 8
# Of a key that was chosen by hand.
MIN_SECRET_LENGTH = 4
SHOWN_SECRET_LENGTH = 4


def require_key(key: str) -> None:
    """Raise ValueError for what is no API key, or has next to nothing behind its prefix."""
    if not key.startswith(KEY_PREFIXES):
        raise ValueError(f"an API key begins with {' or '.join(KEY_PREFIXES)}")
    if len(key) < PREFIX_LENGTH + MIN_SECRET_LENGTH:
        raise ValueError(f"an API key has at least {MIN_SECRET_LENGTH} characters behind its prefix")


def shown(key: str) -> str:
    """The beginning of a key by which a list tells it from others: its prefix, and at most a third of its secret."""
    return key[: PREFIX_LENGTH + min(SHOWN_SECRET_LENGTH, (len(key) - PREFIX_LENGTH) // 3)]
