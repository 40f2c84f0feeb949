"""Decision trees, asked about all blocks at once."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from alterlab_server.extract.body.structure import Column

LEAVES = 8
# Which of eight leaves is the first one whose bit is not set.
_FIRST_LEFT = np.array([(~bits & bits + 1).bit_length() - 1 if bits < 255 else 0 for bits in range(256)], np.intp)


class Forest:
    """Trees of at most eight leaves, which are numbered from left to right.

    A question that a block answers with "more than the threshold" rules out the leaves to its left; of those that are
    left when all questions of a tree are answered, the first is the block's (Lucchese et al., QuickScorer, 2015).
    """

    def __init__(self, trees: Mapping[str, Any]) -> None:
        self.names: list[str] = trees["names"]
        self._columns = np.array(trees["columns"], np.intp)
        self._thresholds = np.array(trees["thresholds"], np.float32)[:, :, None]
        self._ruled_out = np.array(trees["ruled_out"], np.uint8)[:, :, None]
        leaves = np.array(trees["leaves"], np.float32)
        self._leaves = leaves.ravel()
        self._offsets = (np.arange(len(leaves)) * LEAVES)[:, None]

    def chances(self, columns: Mapping[str, Column]) -> Column:
        """For each block the chance that the trees add up to."""
        rows = np.stack([columns[name] for name in self.names]).astype(np.float32)
        more = rows[self._columns] > self._thresholds
        gone = np.bitwise_or.reduce(more * self._ruled_out, axis=1)
        odds = self._leaves[_FIRST_LEFT[gone] + self._offsets].sum(0)
        chances: Column = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        return chances
