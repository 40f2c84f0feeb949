"""Money is an integer of microcents: 1,000,000 are one dollar. A credit is a tenth of a cent."""

MICROCENTS_PER_DOLLAR = 1_000_000
MICROCENTS_PER_CREDIT = 1_000
MICROCENTS_PER_CENT = 10_000


def to_credits(microcents: int) -> int:
    """Credits as shown on the wire: rounded up, so that what costs something never shows as 0."""
    return -(-microcents // MICROCENTS_PER_CREDIT)


def to_dollars(microcents: int) -> float:
    """Dollars as a number for the wire; never used to compute."""
    return microcents / MICROCENTS_PER_DOLLAR


def to_cents(microcents: int) -> int:
    """Whole cents, rounded down."""
    return microcents // MICROCENTS_PER_CENT


def display(microcents: int) -> str:
    """Dollars as text: `$0.42`, and `$0.0002` where cents would show nothing."""
    dollars = microcents / MICROCENTS_PER_DOLLAR
    return f"${dollars:,.2f}" if microcents % MICROCENTS_PER_CENT == 0 else f"${dollars:,.4f}"
