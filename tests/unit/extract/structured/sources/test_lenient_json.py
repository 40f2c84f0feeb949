import pytest

from alterlab_server.extract.structured.sources.lenient_json import MAX_DEPTH, loads_all, loads_at


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('{"a": "two\nlines"}', [{"a": "two\nlines"}]),
        ('{"a": 1,} {"b": [1, 2,]}', [{"a": 1}, {"b": [1, 2]}]),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('// <![CDATA[\n{"a": 1}\n// ]]>', [{"a": 1}]),
        ('<!-- {"a": 1} -->', [{"a": 1}]),
        ('{"a": 1, // why\n "b": /* because */ 2}', [{"a": 1, "b": 2}]),
        ('{"url": "http://x.test/a//b", "c": 1,}', [{"url": "http://x.test/a//b", "c": 1}]),
        ('{"size": "15" wide", "b": 2}', [{"size": '15" wide', "b": 2}]),
        ('{"text": "he said "yes", then left", "b": 2}', [{"text": 'he said "yes", then left', "b": 2}]),
        ("{a: 'it\\'s', $b: !0, c: undefined, d: -1.5e3}", [{"a": "it's", "$b": True, "c": None, "d": -1500.0}]),
        ("{&quot;a&quot;: &quot;b&quot;}", [{"a": "b"}]),
        ('{"a": "don\\\'t"}', [{"a": "don't"}]),
        ('{"a": "\\ud83d\\ude00\\u00e9",}', [{"a": "😀é"}]),
        ('{"a": "\\ud83d broken",}', [{"a": "\ufffd broken"}]),
        ('{"a": "\\ud83d", "b": "\\udc00"}', [{"a": "\ufffd", "b": "\ufffd"}]),
        ('{"a": "\\ud83d\\ude00\n"}', [{"a": "😀\n"}]),
        ('{"a": {"b": "cut of', [{"a": {"b": "cut of"}}]),
        ('{"a": 1 "b": 2}', [{"a": 1, "b": 2}]),
        ('{"a": 1234567890123456789,}', [{"a": 1234567890123456789}]),
        ('{"a": 123456789012345678901,}', [{"a": 1.2345678901234568e20}]),
        ("no json at all", []),
        ("", []),
    ],
)
def test_what_pages_contain(source, values):
    assert loads_all(source) == values


def test_reads_the_value_that_begins_in_a_script():
    source = "var x = 1; window.state = {a: [1, 2]}; window.b = 2"
    assert loads_at(source, source.index("{"), 100) == ({"a": [1, 2]}, source.index("; window.b"))


def test_depth_is_bounded():
    value = loads_all("[" * 100_000)[0]
    depth = 0
    while value:
        value, depth = value[0], depth + 1
    assert depth <= MAX_DEPTH


@pytest.mark.parametrize("unit", ["/*", '"', "{", '{"a":', "\\", '"," ', "// ", "[1,", "<!--", "&quot;", "'a':'b"])
def test_hostile_sources_end(unit):
    assert isinstance(loads_all("{" + unit * (300_000 // len(unit))), list)
