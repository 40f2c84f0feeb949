# cython: boundscheck=False, wraparound=False
"""Decision trees, asked about all blocks at once."""

from array import array
from collections.abc import Mapping
from itertools import chain
from typing import Any

from alterlab_server.extract.body.columns import Column, Columns, Index, Values, column
from alterlab_server.extract.body.structure import logistic

LEAVES = 8
_QUESTIONS = LEAVES - 1
# Which of eight leaves is the first one whose bit is not set; nothing rules out the last one.
_FIRST_LEFT = bytes([(~bits & bits + 1).bit_length() - 1 for bits in range(1 << _QUESTIONS)])


class Forest:
    """Trees of at most eight leaves, which are numbered from left to right.

    A question that a block answers with "more than the threshold" rules out the leaves to its left; of those that are
    left when all questions of a tree are answered, the first is the block's (Lucchese et al., QuickScorer, 2015).
    """

    def __init__(self, trees: Mapping[str, Any]) -> None:
        self.names: tuple[str, ...] = tuple(trees["names"])
        self._columns = array("q", chain.from_iterable(trees["columns"]))
        self._thresholds = array("f", chain.from_iterable(trees["thresholds"]))
        self._ruled_out = bytes(chain.from_iterable(trees["ruled_out"]))
        self._odds = array("f", chain.from_iterable(trees["leaves"]))
        self._known: tuple[tuple[str, ...], Index] = (), array("q")

    def chances(self, columns: Columns) -> Column:
        """For each block the chance that the trees add up to."""
        asked = self._asked(columns)
        odds, gone = column(columns.count), bytearray(columns.count)
        for tree in range(len(self._odds) // LEAVES):
            self._answer(tree * _QUESTIONS, asked, columns.values, gone)
            self._add(tree * LEAVES, gone, odds)
        for i in range(columns.count):
            odds[i] = logistic(odds[i])
        return odds

    def _asked(self, columns: Columns) -> Index:
        """The rows that the questions ask about, kept for the next page, whose names are the same."""
        if columns.names is not self._known[0]:
            rows = columns.rows(self.names)
            self._known = columns.names, array("q", [rows[place] for place in self._columns])
        return self._known[1]

    def _answer(self, first: int, asked: Index, values: Values, gone: bytearray) -> None:
        """Which leaves the questions of one tree, of which this is the first, rule out for each block."""
        for i in range(len(gone)):
            gone[i] = 0
        for place in range(first, first + _QUESTIONS):
            row, threshold, ruled_out = asked[place], self._thresholds[place], self._ruled_out[place]
            for i in range(len(gone)):
                gone[i] |= ruled_out * (values[row, i] > threshold)

    def _add(self, first: int, gone: bytearray, odds: Column) -> None:
        """Add to the log-odds of each block those of its leaf of one tree, of which this is the first."""
        for i in range(len(odds)):
            odds[i] += self._odds[first + _FIRST_LEFT[gone[i]]]
