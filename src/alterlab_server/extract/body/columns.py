"""Columns of numbers about the blocks of a page."""

from array import array
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

Column: TypeAlias = "array[float]"
Index: TypeAlias = "array[int]"
# Floats, a row for each name.
Values: TypeAlias = "memoryview[float]"


def column(count: int) -> Column:
    """A column of zeros."""
    return array("d", bytes(8 * count))


def index(count: int) -> Index:
    """A column of places, all zero."""
    return array("q", bytes(8 * count))


def add_rows(sums: Column, weights: Column, rows: Sequence[int], times: Sequence[float]) -> None:
    """Add some rows of a table of weights, each so many times, to the sums, of which there is one for each column."""
    width = len(sums)
    for number in range(len(rows)):
        row, factor = rows[number], times[number]
        for place in range(width):
            sums[place] += weights[row * width + place] * factor


def mean_over(values: Column, weights: Column, places: Sequence[int]) -> float:
    """The weighted mean of the values in some places."""
    total, weight = 0.0, 0.0
    for place in places:
        total += values[place] * weights[place]
        weight += weights[place]
    return total / weight


class Columns:
    """Numbers with a row for each name and a place in it for each block; at first all are zero.

    They are one array of single precision, in which the trees look up what they ask about.
    """

    def __init__(self, names: tuple[str, ...], count: int) -> None:
        self.names, self.count = names, count
        numbers = memoryview(bytearray(4 * len(names) * count))
        self.values = numbers.cast("f", (len(names), count))

    def rows(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """In which rows some columns are."""
        return _rows(names, self.names)


@lru_cache(maxsize=64)  # every page has the same columns, and every part of the model asks for its own
def _rows(names: tuple[str, ...], among: tuple[str, ...]) -> tuple[int, ...]:
    return tuple([among.index(name) for name in names])
