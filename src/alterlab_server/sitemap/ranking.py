"""How well an address fits a search. Plain functions."""

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

from alterlab_server.frontier.address import split

_WORDS = re.compile(r"[^\W_]+")
_EXACT, _PART = 1.0, 0.6


def relevance(search: str, url: str, texts: Iterable[str | None] = ()) -> float:
    """From 0 (nothing fits) to 1 (each word of `search` stands in the path, the title or the description)."""
    wanted, address = _words(search), split(url)
    read = (unquote(address.path), unquote(address.query or ""), *texts)
    found = {word for text in read if text for word in _words(text)}
    if not wanted:
        return 0.0
    return round(sum(_fit(word, found) for word in wanted) / len(wanted), 3)


def _words(text: str) -> set[str]:
    return set(_WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))


def _fit(word: str, found: set[str]) -> float:
    if word in found:
        return _EXACT
    return _PART if any(word in other or other in word for other in found if len(other) > 2) else 0.0
