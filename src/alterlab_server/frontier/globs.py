"""Path globs: `*` matches anything, slashes included, `?` one character, `[ab]` one of a set."""

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


def matches(path: str, pattern: str) -> bool:
    """Whether the whole of `path` fits."""
    return _compiled(pattern).match(path) is not None


def matches_any(path: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns fits."""
    return any(matches(path, pattern) for pattern in patterns)


def most_specific(path: str, patterns: Iterable[str]) -> str | None:
    """The longest pattern that fits, or None."""
    return max((pattern for pattern in patterns if matches(path, pattern)), key=len, default=None)
