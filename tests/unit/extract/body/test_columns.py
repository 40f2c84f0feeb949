import numpy as np

from alterlab_server.extract.body.columns import Columns


def test_columns_by_name_and_those_of_one_array_are_rows_in_their_order() -> None:
    pair = Columns(("b", "c"), np.array([[3.0, 4.0], [5.0, 6.0]]))
    found = Columns.of({"a": np.array([1.0, 2.0])}, pair, {"d": np.array([7.0, 8.0])})
    assert found.names == ("a", "b", "c", "d")
    assert found.values[found.rows(("d", "b"))].tolist() == [[7.0, 8.0], [3.0, 4.0]]
