"""How much a URL is wanted: from 0.0 to 1.0, the highest first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alterlab_server.frontier.address import split
from alterlab_server.frontier.globs import matches_any

NEUTRAL, HIGHEST = 0.5, 1.0
_KEYWORD, _BOOST, _DEMOTE = 0.2, 0.3, -0.4
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Priority:
    """`keywords` are compared with the words of the path segments, the patterns are globs on the path."""

    keywords: Sequence[str] = ()
    boost_patterns: Sequence[str] = ()
    demote_patterns: Sequence[str] = ()

    @property
    def ranks(self) -> bool:
        """Whether some URLs are wanted more than others."""
        return bool(self.keywords or self.boost_patterns or self.demote_patterns)

    def score(self, href: str) -> float:
        """The score of an absolute, normalised URL."""
        if not self.ranks:
            return NEUTRAL
        path = split(href).path
        words = set(_WORDS.findall(path.lower()))
        score = NEUTRAL + _KEYWORD * sum(
            _stem(keyword) in words or keyword.lower() in words for keyword in self.keywords
        )
        score += _BOOST * matches_any(path, self.boost_patterns)
        score += _DEMOTE * matches_any(path, self.demote_patterns)
        return min(HIGHEST, max(0.0, score))


def _stem(keyword: str) -> str:
    """The plural of a keyword: `product` also means `/products/`."""
    return f"{keyword.lower()}s"
