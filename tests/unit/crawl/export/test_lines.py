import csv
import io

import orjson
import pytest

from alterlab_server.crawl.export.lines import columns, head, lines

GOOD = {
    "url": "https://a.test/",
    "status": "completed",
    "content": {"text": 'He said "no",\nand left.', "json": {"a": [1]}},
}
BAD = {"url": "https://a.test/x", "status": "failed", "error": "It timed out.", "error_code": "TIMEOUT"}
COLUMNS = columns(["text", "json", "text"], extracts=True)


def test_a_table_has_a_column_for_each_format() -> None:
    table = (
        head("csv", COLUMNS)
        + lines("csv", COLUMNS, [GOOD | {"extraction_result": {"price": 3}}])
        + lines("csv", COLUMNS, [BAD])
    )
    first, second = csv.DictReader(io.StringIO(table.decode(), newline=""))
    assert list(first) == COLUMNS
    assert (first["text"], first["json"], first["extraction_result"]) == (
        'He said "no",\nand left.',
        '{"a":[1]}',
        '{"price":3}',
    )
    assert (second["text"], second["error"], second["error_code"]) == ("", "It timed out.", "TIMEOUT")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "- a list", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_of_a_table_is_a_formula(text: str) -> None:
    page = {"title": text, "depth": -1, "content": {"text": f"Not {text}"}}
    (row,) = csv.reader(io.StringIO(lines("csv", ["title", "depth", "text"], [page]).decode(), newline=""))
    assert row == [f"'{text}", "-1", f"Not {text}"]
    assert orjson.loads(lines("jsonl", [], [page])) == page


def test_lines_are_json_each() -> None:
    assert head("jsonl", []) == b""
    written = lines("jsonl", [], [GOOD]) + lines("jsonl", [], [BAD])
    assert [orjson.loads(line) for line in written.splitlines()] == [GOOD, BAD]
