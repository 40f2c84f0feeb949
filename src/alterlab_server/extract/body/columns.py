"""Columns of numbers about the blocks of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.floating]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers with a row for each name and a place in it for each block.

    They are one array: to ask for a hundred columns one by one would take longer than to compute them.
    """

    names: tuple[str, ...]
    values: Column

    @staticmethod
    def of(columns: Mapping[str, Column]) -> "Columns":
        """Columns by name, of which there is at least one."""
        values = np.concatenate(list(columns.values()), dtype=np.float32)
        return Columns(tuple(columns), values.reshape(len(columns), -1))

    @staticmethod
    def joined(parts: Sequence["Columns"]) -> "Columns":
        """All of several, each of which has its own names."""
        names = tuple(chain.from_iterable([part.names for part in parts]))
        return Columns(names, np.concatenate([part.values for part in parts], dtype=np.float32))

    def __getitem__(self, name: str) -> Column:
        """One column."""
        column: Column = self.values[self.names.index(name)]
        return column

    def rows(self, names: tuple[str, ...]) -> Index:
        """In which rows some columns are."""
        return _rows(names, self.names)


@lru_cache(maxsize=64)  # every page has the same columns, and every part of the model asks for its own
def _rows(names: tuple[str, ...], among: tuple[str, ...]) -> Index:
    return np.array([among.index(name) for name in names], np.intp)
