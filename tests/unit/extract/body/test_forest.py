from math import exp

import pytest

from alterlab_server.extract.body.columns import Columns
from alterlab_server.extract.body.forest import LEAVES, Forest

# a <= 1 → -2; else b <= 5 → 0.5, else 3
TREE = {
    "columns": [[0, 1, *[0] * 5]],
    "thresholds": [[1.0, 5.0, *[0.0] * 5]],
    "ruled_out": [[0b001, 0b010, *[0] * 5]],
    "leaves": [[-2.0, 0.5, 3.0, *[0.0] * (LEAVES - 3)]],
}


def columns(**values: float) -> Columns:
    """Columns of one block."""
    made = Columns(tuple(values), 1)
    for row, value in enumerate(values.values()):
        made.values[row, 0] = value
    return made


@pytest.mark.parametrize(("a", "b", "odds"), [(0, 9, -2.0), (1, 0, -2.0), (2, 5, 0.5), (2, 6, 3.0)])
def test_each_block_comes_to_its_leaf(a: float, b: float, odds: float) -> None:
    forest = Forest({"names": ["a", "b"], **TREE})
    (chance,) = forest.chances(columns(b=b, a=a))
    assert chance == pytest.approx(1 / (1 + exp(-odds)), rel=1e-6)


def test_trees_add_up() -> None:
    both = Forest({"names": ["a", "b"], **{name: rows * 2 for name, rows in TREE.items()}})
    (chance,) = both.chances(columns(a=0.0, b=0.0))
    assert chance == pytest.approx(1 / (1 + exp(4.0)), rel=1e-6)


def test_columns_of_other_names_are_asked_by_their_names() -> None:
    forest = Forest({"names": ["a", "b"], **TREE})
    first, second = forest.chances(columns(a=2, b=6)), forest.chances(columns(b=6, c=0, a=2))
    assert list(first) == list(second)
