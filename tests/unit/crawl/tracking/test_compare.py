import orjson

from alterlab_server.crawl.tracking.compare import MAX_DIFFERENCES, MAX_LINES, differences, digest, version_of


def lines(*texts: str) -> bytes:
    return "\n".join(texts).encode()


def fields(**values: object) -> bytes:
    return orjson.dumps(values)


def test_lines_that_were_changed_added_and_removed() -> None:
    before = lines("title", "one", "two", "three", "end")
    after = lines("title", "one", "2", "three", "four", "end")
    assert differences(before, after, "content") == [
        {"line": 3, "removed": ["two"], "added": ["2"]},
        {"line": 5, "removed": [], "added": ["four"]},
    ]


def test_what_is_too_long_to_compare_is_one_piece() -> None:
    before = [f"old {number}" for number in range(MAX_LINES + 1)]
    (piece,) = differences(lines("same", *before, "same"), lines("same", "new", "same"), "content")
    assert piece == {"line": 2, "removed": before, "added": ["new"]}


def test_fields_at_every_depth() -> None:
    before = fields(name="Pen", offers=[{"price": 1}, {"price": 2}], old=True)
    after = fields(name="Pen", offers=[{"price": 1}, {"price": 3}, {"price": 4}], new=None)
    assert differences(before, after, "structured") == [
        {"field": "offers.1.price", "before": 2, "after": 3},
        {"field": "offers.2", "before": None, "after": {"price": 4}},
        {"field": "old", "before": True, "after": None},
    ]


def test_no_more_differences_than_are_allowed() -> None:
    before, after = (fields(list=[start] * (2 * MAX_DIFFERENCES)) for start in (1, 2))
    assert len(differences(before, after, "structured")) == MAX_DIFFERENCES


def test_the_order_of_fields_changes_nothing() -> None:
    one, other = ({"content": {"json": value}} for value in ({"a": 1, "b": 2}, {"b": 2, "a": 1}))
    first, second = version_of(one, "json"), version_of(other, "json")
    assert first is not None
    assert second is not None
    assert digest(first) == digest(second)


def test_a_page_without_what_is_compared_has_no_version() -> None:
    assert version_of({"content": {"text": None}}, "text") is None
    assert version_of({"content": "<p>"}, "text") is None
    assert version_of({"extraction_result": {"a": 1}}, "extraction_result") == b'{"a":1}'
