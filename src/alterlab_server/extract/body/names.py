"""The words in class names and ids."""

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z][a-z]+|[a-z]{2,}|[A-Z]{2,}")
# Names as long as this come from a build tool and say nothing; reading and remembering them would cost time and memory.
MAX_LENGTH = 300


@lru_cache(maxsize=20_000)
def name_words(names: str) -> tuple[str, ...]:
    """The distinct lower-case words of class names and an id, in their order; `postBody main-nav` are four.

    At most MAX_LENGTH characters are given.
    """
    return tuple(dict.fromkeys(map(str.lower, _WORD.findall(names))))
