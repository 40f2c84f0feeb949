import pytest

from alterlab_server.crawl.export.values import is_due


@pytest.mark.parametrize(
    ("form", "written", "ended", "due"),
    [
        ("json", 0, 0, False),
        ("json", 10, 11, True),
        ("jsonl", 0, 0, False),
        ("jsonl", 0, 1, True),
        ("jsonl", 25, 49, False),
        ("csv", 25, 50, True),
    ],
)
def test_a_page_is_sent_at_once_and_a_file_when_it_has_doubled(form: str, written: int, ended: int, due: bool) -> None:
    assert is_due(form, written, ended) is due


def test_all_versions_of_a_file_are_together_as_long_as_twice_the_last() -> None:
    written, put = 0, 0
    for ended in range(1, 10_000):
        if is_due("jsonl", written, ended):
            written, put = ended, put + ended
    assert put <= 2 * written
