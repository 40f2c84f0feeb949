"""Weights of words by a hash of these, so that a text is read without making its words.

The hash is FNV-1a of 64 bits over code points (Fowler, Noll, Vo); two of some thousand words are not expected to share
one.
"""

from array import array
from collections.abc import Mapping, Sequence

HASH_BEGIN = 0xCBF29CE484222325
_PRIME, _BITS = 0x100000001B3, 0xFFFFFFFFFFFFFFFF
# An open table is quick while most of its places are free.
_PLACES_A_WORD = 4


def hash_on(hashed: int, value: int) -> int:
    """The hash of what was hashed before and another value."""
    return ((hashed ^ value) * _PRIME) & _BITS


def word_hash(word: str) -> int:
    """The hash of a word."""
    hashed = HASH_BEGIN
    for char in word:
        hashed = hash_on(hashed, ord(char))
    return hashed


def pair_hash(first: int, second: int) -> int:
    """The hash of two words in their order, by the hashes of both."""
    return hash_on(hash_on(first, 1), second)


class HashTable:
    """Some weights for each hash, all zero for those that are not known."""

    def __init__(self, weights: Mapping[int, Sequence[float]]) -> None:
        places = 1 << (_PLACES_A_WORD * len(weights)).bit_length()
        self._last = places - 1
        self._width = len(next(iter(weights.values()), ()))
        self._hashes = array("Q", bytes(8 * places))
        self._weights = array("d", bytes(8 * places * self._width))
        for hashed, row in weights.items():
            place = self._place(hashed)
            self._hashes[place] = hashed
            for number, weight in enumerate(row):
                self._weights[place * self._width + number] = weight

    def weight(self, hashed: int, number: int) -> float:
        """One of the weights of a hash."""
        place = self.find(hashed)
        return self.at(place, number) if place >= 0 else 0.0

    def find(self, hashed: int) -> int:
        """Where the weights of a hash stand; -1 for one that is not known."""
        place = self._place(hashed)
        return place if self._hashes[place] else -1

    def at(self, place: int, number: int) -> float:
        """One of the weights in a place."""
        return self._weights[place * self._width + number]

    def _place(self, hashed: int) -> int:
        """Where a hash stands, or would."""
        place = hashed & self._last
        while self._hashes[place] and self._hashes[place] != hashed:
            place = (place + 1) & self._last
        return place
