"""Columns of numbers about the blocks of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.floating]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers with a row for each name and a place in it for each block.

    They are one array, because to gather a hundred takes about as long as to ask the trees.
    """

    names: tuple[str, ...]
    values: Column

    @staticmethod
    def of(*parts: "Mapping[str, Column] | Columns") -> "Columns":
        """Columns by name, and others that are already in one array."""
        names: list[str] = []
        values: list[Column] = []
        for part in parts:
            if isinstance(part, Columns):
                names += part.names
                values.append(part.values.ravel())
            else:
                names += part
                values += part.values()
        return Columns(tuple(names), np.concatenate(values, dtype=np.float32).reshape(len(names), -1))

    def rows(self, names: tuple[str, ...]) -> Index:
        """In which rows some columns are."""
        return _rows(names, self.names)


@lru_cache(maxsize=64)  # every page has the same columns, and every part of the model asks for its own
def _rows(names: tuple[str, ...], among: tuple[str, ...]) -> Index:
    return np.array([among.index(name) for name in names], np.intp)
