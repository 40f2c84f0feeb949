"""The words in class names and ids."""

import re
from array import array

from alterlab_server.extract.body.hashes import HASH_BEGIN, hash_on

_WORD = re.compile(r"[A-Z][a-z]+|[a-z]{2,}|[A-Z]{2,}")
# Names as long as this come from a build tool and say nothing; reading them would cost time.
MAX_LENGTH = 300


def name_words(names: str) -> tuple[str, ...]:
    """The distinct lower-case words of class names and an id, in their order; `postBody main-nav` are four."""
    return tuple(dict.fromkeys(map(str.lower, _WORD.findall(names))))


class NameWords:
    """The words that `name_words` gives, by their hashes and by where they first stand in the names.

    The words themselves are not made: nearly all names of a page are new, and most of their words are not known.
    """

    def __init__(self) -> None:
        most = MAX_LENGTH // 2  # a word has two letters at least
        self.count = 0
        self.hashes = array("Q", bytes(8 * most))
        self.starts, self.ends = array("q", bytes(8 * most)), array("q", bytes(8 * most))
        self.letters = array("Q", bytes(8 * MAX_LENGTH))

    def read(self, names: str) -> None:
        """Take the words of other names, of which MAX_LENGTH characters count."""
        self.count = 0
        hashed, length, was_small = HASH_BEGIN, 0, False
        for place, char in enumerate(names[:MAX_LENGTH] + " "):
            small = "a" <= char <= "z"
            letter = small or "A" <= char <= "Z"
            if length and not (letter and (small == was_small or (small and length == 1))):
                if length > 1:
                    self._add(hashed, place - length, place)
                hashed, length = HASH_BEGIN, 0
            if letter:
                self.letters[place] = ord(char) | 0x20
                hashed = hash_on(hashed, ord(char) | 0x20)
                length, was_small = length + 1, small

    def _add(self, hashed: int, start: int, end: int) -> None:
        for known in range(self.count):
            if self.hashes[known] == hashed:
                return
        self.hashes[self.count], self.starts[self.count], self.ends[self.count] = hashed, start, end
        self.count += 1
