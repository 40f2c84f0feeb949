import numpy as np
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


@pytest.mark.parametrize(("a", "b", "odds"), [(0, 9, -2.0), (1, 0, -2.0), (2, 5, 0.5), (2, 6, 3.0)])
def test_each_block_comes_to_its_leaf(a: float, b: float, odds: float) -> None:
    forest = Forest({"names": ["a", "b"], **TREE})
    (chance,) = forest.chances(Columns.of({"b": np.array([b]), "a": np.array([a])}))
    assert chance == pytest.approx(1 / (1 + np.exp(-odds)), rel=1e-6)


def test_trees_add_up() -> None:
    both = Forest({"names": ["a", "b"], **{name: rows * 2 for name, rows in TREE.items()}})
    (chance,) = both.chances(Columns.of({"a": np.array([0.0]), "b": np.array([0.0])}))
    assert chance == pytest.approx(1 / (1 + np.exp(4.0)), rel=1e-6)
