import csv
import io

import orjson

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


def test_lines_are_json_each() -> None:
    assert head("jsonl", []) == b""
    written = lines("jsonl", [], [GOOD]) + lines("jsonl", [], [BAD])
    assert [orjson.loads(line) for line in written.splitlines()] == [GOOD, BAD]
