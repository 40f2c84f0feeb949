"""Decision trees, asked about all blocks at once."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from alterlab_server.extract.body.columns import Column, Columns, Index
from alterlab_server.extract.body.structure import logistic

LEAVES = 8
# Which of eight leaves is the first one whose bit is not set; nothing rules out the last one.
_FIRST_LEFT = np.array([(~bits & bits + 1).bit_length() - 1 for bits in range(1 << LEAVES - 1)], np.intp)
# So many blocks at a time, that the answers about them stay in the processor's cache.
_AT_ONCE = 400


class Forest:
    """Trees of at most eight leaves, which are numbered from left to right.

    A question that a block answers with "more than the threshold" rules out the leaves to its left; of those that are
    left when all questions of a tree are answered, the first is the block's (Lucchese et al., QuickScorer, 2015).
    Trees share questions: each is asked once.
    """

    def __init__(self, trees: Mapping[str, Any]) -> None:
        self.names: tuple[str, ...] = tuple(trees["names"])
        asked = np.array([trees["columns"], trees["thresholds"]], np.float32)
        (columns, thresholds), places = np.unique(asked.reshape(2, -1), axis=1, return_inverse=True)
        self._columns, self._thresholds = columns.astype(np.intp), thresholds[:, None]
        # The first questions of all trees, their second questions, and so on.
        self._questions = places.reshape(asked.shape[1:]).T.copy()
        self._ruled_out = np.array(trees["ruled_out"], np.uint8).T[:, :, None].copy()
        self._odds = np.array(trees["leaves"], np.float32).ravel()
        self._trees = np.arange(0, self._odds.size, LEAVES)[:, None]

    def chances(self, columns: Columns) -> Column:
        """For each block the chance that the trees add up to."""
        asked = columns.rows(self.names).take(self._columns)
        values = columns.values
        parts = [self._added(values[:, at : at + _AT_ONCE], asked) for at in range(0, values.shape[1], _AT_ONCE)]
        return logistic(np.concatenate(parts))

    def _added(self, values: Column, asked: Index) -> Column:
        more = (values.take(asked, 0) > self._thresholds).view(np.uint8)
        gone = np.bitwise_or.reduce(more.take(self._questions, 0) * self._ruled_out)
        added: Column = self._odds.take(self._trees + _FIRST_LEFT.take(gone)).sum(0)
        return added
