"""The words of a text: what a reader sees of them, and how many they are."""

import re

# Thai, Lao, Burmese, Khmer, Chinese and Japanese have no spaces between words.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u9fff"
"""The characters of scripts without spaces between words, as they stand in a class of a regular expression."""

_UNSPACED = re.compile(f"[{UNSPACED}]")
_CHARACTERS_A_WORD = 3
# They say where a word may be broken at the end of a line, and where not.
_SOFT_HYPHEN, _ZERO_WIDTH_SPACE, _JOINERS = "\u00ad", "\u200b", ("\u2060", "\ufeff")


def visible(text: str) -> str:
    """A text without the characters within words that no reader sees; in scripts without spaces those between words
    stay."""
    if _SOFT_HYPHEN in text:
        text = text.replace(_SOFT_HYPHEN, "")
    if _ZERO_WIDTH_SPACE in text and not is_unspaced(text):
        text = text.replace(_ZERO_WIDTH_SPACE, "")
    for joiner in _JOINERS:
        if joiner in text:
            text = text.replace(joiner, "")
    return text


def is_unspaced(text: str) -> bool:
    """Whether a text has characters of a script without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def count_words(text: str, spaced: int) -> int:
    """The words of a text that has `spaced` parts between white space; about three characters are a word where the
    script has none."""
    return max(spaced, len(text) // _CHARACTERS_A_WORD) if is_unspaced(text) else spaced
