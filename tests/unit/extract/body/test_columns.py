from array import array

from alterlab_server.extract.body.columns import Columns, add_rows, mean_over


def test_numbers_have_a_row_for_each_name() -> None:
    columns = Columns(("a", "b", "c"), 2)
    columns.values[1, 0], columns.values[1, 1], columns.values[2, 1] = 3.0, 4.0, 6.0
    assert [[columns.values[row, place] for place in range(2)] for row in range(3)] == [[0, 0], [3, 4], [0, 6]]
    assert columns.rows(("c", "a")) == (2, 0)


def test_rows_of_weights_are_added_as_often_as_they_count() -> None:
    sums = array("d", [1.0, 2.0])
    add_rows(sums, array("d", [1, 10, 2, 20, 3, 30]), [0, 2], [1.0, 0.5])
    assert sums.tolist() == [3.5, 27.0]


def test_a_mean_is_over_some_places() -> None:
    assert mean_over(array("d", [1.0, 9.0, 4.0]), array("d", [2.0, 5.0, 1.0]), [0, 2]) == 2.0
