"""How well an address fits a search. Plain functions."""

import re
from collections.abc import Iterable

from alterlab_server.frontier.address import split

_WORDS = re.compile(r"[^\W_]+")
_EXACT, _PART = 1.0, 0.6


def relevance(search: str, url: str, texts: Iterable[str | None] = ()) -> float:
    """From 0 (nothing fits) to 1 (each word of `search` stands in the path, the title or the description)."""
    wanted = _words(search)
    found = {word for text in (split(url).path, split(url).query, *texts) if text for word in _words(text)}
    if not wanted:
        return 0.0
    return round(sum(_fit(word, found) for word in wanted) / len(wanted), 3)


def _words(text: str) -> set[str]:
    return set(_WORDS.findall(text.lower()))


def _fit(word: str, found: set[str]) -> float:
    if word in found:
        return _EXACT
    return _PART if any(word in other or other in word for other in found if len(other) > 2) else 0.0
