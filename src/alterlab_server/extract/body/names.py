"""The words in class names and ids."""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
# Names as long as this come from a build tool and say nothing; reading them would cost time.
_MAX_LENGTH = 300


@lru_cache(maxsize=20_000)
def name_words(names: str) -> frozenset[str]:
    """The lower-case words of class names and an id, `postBody main-nav` being four."""
    return frozenset(word.lower() for word in _WORD.findall(names[:_MAX_LENGTH]) if len(word) > 1)
