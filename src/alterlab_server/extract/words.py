"""How many words a text has."""

import re

# Thai, Lao, Burmese, Khmer, Chinese and Japanese have no spaces between words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u9fff"
"""The characters of scripts without spaces between words, as they stand in a class of a regular expression."""

_UNSPACED = re.compile(f"[{UNSPACED}]")
_CHARACTERS_A_WORD = 3


def is_unspaced(text: str) -> bool:
    """Whether a text has characters of a script without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def count_words(text: str, spaced: int) -> int:
    """The words of a text that has `spaced` parts between white space; about three characters are a word where the
    script has none."""
    return max(spaced, len(text) // _CHARACTERS_A_WORD) if is_unspaced(text) else spaced
