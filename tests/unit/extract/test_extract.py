from typing import Any, NoReturn

import pytest

from alterlab_server.base.errors import BadRequest
from alterlab_server.extract import ExtractOptions, extract, pipeline

PAGE = b"""<!doctype html><html lang="en"><head><title>A walk &ndash; Hiking</title>
<meta property="og:title" content="A walk"><meta name="author" content="Ada Lovelace">
<meta property="article:published_time" content="2024-05-06T07:08:09Z"><meta name="keywords" content="hills, walks">
<link rel="canonical" href="/walk"></head><body><nav><a href="/">Home</a> <a href="/about">About</a></nav>
<article><h1>A walk</h1><p>We set out early in the morning, when the hills were still covered with a thin white fog.</p>
<p>By noon, having climbed for hours, we saw the <a href="sea#top">sea</a>, and nobody said a word for a long time.</p>
</article><footer>Copyright</footer></body></html>"""
URL = "https://example.com/walks/1"


def test_one_call_gives_all_the_formats_that_were_asked_for() -> None:
    got = extract(PAGE, ExtractOptions(url=URL), formats=("text", "html", "markdown", "json", "raw"))
    assert got.errors == {}
    assert got.content["raw"] == PAGE.decode()
    assert "nobody said a word" in got.content["text"]
    assert "Copyright" not in got.content["text"]
    assert "[sea](https://example.com/walks/sea#top)" in got.content["markdown"]
    assert '<a href="https://example.com/walks/sea#top">' in got.content["html"]
    assert got.content["json"]["title"] == "A walk"


def test_the_metadata_is_read_beside_the_content() -> None:
    got = extract(PAGE, url=URL, formats=())
    assert (got.title, got.author, got.language) == ("A walk", "Ada Lovelace", "en")
    assert (got.published_at or "").startswith("2024-05-06")
    assert got.metadata["keywords"] == ["hills", "walks"]
    assert got.metadata["canonical_url"] == "https://example.com/walk"


def test_a_schema_filters_the_structured_data() -> None:
    got = extract(
        PAGE, url=URL, formats=("json", "text"), schema={"heading": "string", "tags": ["string"], "url": "string"}
    )
    assert got.filtered_content == {"heading": "A walk", "tags": ["hills", "walks"], "url": URL}
    assert got.content["json"] == got.filtered_content
    assert "nobody said a word" in got.content["text"]


def test_what_is_no_schema_and_no_profile_is_refused() -> None:
    with pytest.raises(BadRequest, match="at /heading: there is no type"):
        extract(PAGE, schema={"heading": "strang"})
    with pytest.raises(BadRequest, match="not 'poem'"):
        extract(PAGE, profile="poem")


def test_a_fault_in_the_structured_data_takes_no_other_format_with_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise LookupError

    monkeypatch.setattr(pipeline, "read_structured", fail)
    got = extract(PAGE, url=f"{URL}?token=secret", formats=("json", "text"), schema={"heading": "string"})
    assert set(got.errors) == {"json", "filtered_content"}
    assert (got.content["json"], got.filtered_content) == (None, None)
    assert "nobody said a word" in got.content["text"]
    assert URL in caplog.text
    assert "secret" not in caplog.text
    assert set(extract(PAGE, formats=("json", "text")).errors) == {"json"}


def test_evidence_names_the_source_of_a_field() -> None:
    assert extract(PAGE, url=URL).evidence is None
    evidence = extract(PAGE, url=URL, evidence=True).evidence or {}
    assert evidence["author"] == {"text": "Ada Lovelace", "source": "meta", "selector": None}


def test_links_are_absolute_and_named_once() -> None:
    got = extract(
        b"<a href=/x#1>1</a><a href=/x#2>2</a><a href=mailto:a@b.c>m</a><a href='https://o.org/'>o</a>",
        url=URL,
        links=True,
    )
    assert got.links == ("https://example.com/x", "https://o.org/")
    assert got.images is None


def test_a_page_without_content_names_the_reason_for_each_format() -> None:
    got = extract(b"<html><body><script>1</script></body></html>", formats=("text", "markdown", "raw"))
    assert got.content["text"] is None
    assert got.content["raw"] is not None
    assert set(got.errors) == {"text", "markdown"}


def test_an_unknown_format_is_reported() -> None:
    assert "no format" in extract(PAGE, formats=("docx",)).errors["docx"]


@pytest.mark.parametrize("wanted", [{"profile": "article"}, {"schema": {"body": "string"}}])
def test_an_article_that_is_asked_for_as_such_has_its_text(wanted: dict[str, Any]) -> None:
    got = extract(PAGE, url=URL, formats=("json", "text"), **wanted)
    assert got.content["json"]["body"] == got.content["text"]
    assert "body" not in extract(PAGE, url=URL, formats=("json",)).content["json"]


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    found = extract("<article><p>A walk\ud800 over the hills.</p></article>", formats=("content",))
    assert found.content["content"]["body_markdown"] == "A walk\ufffd over the hills."


COMPARED = """<title>Lamps compared</title><h1>Lamps compared</h1><p>All of them burnt for a week.</p>
<table><tr><th>Model</th><th>Price (EUR)</th></tr><tr><td>Aube</td><td>1.299,50 €</td></tr>
<tr><td>Soir</td><td>29,00 €</td></tr></table>"""
CARDS = "<title>Lamps</title><h1>Lamps</h1>" + "".join(
    f"<div class=card><a href=/{name}><h3>Lamp {name}</h3></a><span>{price}.90 €</span></div>"
    for name, price in (("Aube", 19), ("Soir", 29), ("Nuit", 39))
)


@pytest.mark.parametrize(
    ("page", "schema", "filtered"),
    [
        (
            COMPARED,
            {"lamps": [{"model": "string", "price": "number"}]},
            {"lamps": [{"model": "Aube", "price": 1299.5}, {"model": "Soir", "price": 29}]},
        ),
        (
            CARDS,
            {"type": "array", "items": {"properties": {"name": {}, "price": {"type": "integer"}}}},
            [
                {"name": "Lamp Aube", "price": 20},
                {"name": "Lamp Soir", "price": 30},
                {"name": "Lamp Nuit", "price": 40},
            ],
        ),
    ],
)
def test_a_schema_fills_its_lists_from_tables_and_cards(page: str, schema: dict[str, Any], filtered: Any) -> None:
    assert extract(page, formats=("json",), schema=schema, url="https://example.com/").filtered_content == filtered


def test_evidence_stands_under_the_names_of_the_schema_as_well() -> None:
    page = "<title>Lamp</title><h1>Lamp</h1><p>$19.50</p><button>Add to cart</button>"
    evidence = extract(page, formats=("json",), schema={"cost": "number"}, evidence=True).evidence
    assert evidence is not None
    assert evidence["cost"] == evidence["price"]
