import io
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from alterlab_server.base.errors import Unprocessable
from alterlab_server.extract import extract
from alterlab_server.extract.readers.kind import kind_of

ALL = ("text", "markdown", "json", "raw", "html")


def pdf(password: str | None = None) -> bytes:
    file = io.BytesIO()
    sheet = canvas.Canvas(file, encrypt=StandardEncryption(password) if password else None)
    sheet.setTitle("Report")
    sheet.drawString(100, 700, "First page")
    sheet.showPage()
    sheet.drawString(100, 700, "Second page")
    sheet.save()
    return file.getvalue()


def test_what_a_pdf_sets_larger_is_a_heading() -> None:
    file = io.BytesIO()
    sheet = canvas.Canvas(file)
    rows = [(24, "The lamps"), (24, "of the coast"), (14, "Oil"), (10, "It burned all night, and was carried up")]
    rows += [(10, "by the keeper."), (10, "Then came gas."), (14, "Wind 😀"), (10, "It blew from the west.")]
    for number, (size, text) in enumerate(rows):
        sheet.setFont("Helvetica", size)
        sheet.drawString(100, 700 - 30 * number, text)
    sheet.save()
    markdown = extract(file.getvalue(), formats=("markdown",)).content["markdown"]
    parts = markdown.split("\n\n")
    assert parts[:2] == ["# The lamps of the coast", "## Oil"]
    assert parts[2].split() == "It burned all night, and was carried up by the keeper.".split()
    assert parts[3] == "Then came gas."
    assert parts[4].startswith("## Wind")
    assert parts[5] == "It blew from the west."


def test_markdown_is_read_as_the_page_it_stands_for() -> None:
    source = (
        "# Head\n\nSome *words* and [a](b.md).\n\n| a | b |\n| --- | --- |\n| 1 | ~~2~~ |\n\n- [x] done\n- [ ] open"
    )
    options = {"content_type": "text/markdown; charset=utf-8", "url": "https://example.com/x/", "formats": ALL}
    got = extract(source.encode(), **options)
    assert got.title == "Head"
    assert got.content["markdown"] == source.replace("b.md", "https://example.com/x/b.md")
    assert got.content["text"].startswith("Head\n\nSome words and a.")
    assert "<h1>Head</h1>" in got.content["html"]
    assert got.content["raw"] == source


def test_footnotes_of_markdown_keep_their_labels() -> None:
    source = "Words.[^1] More[^long] and [^1], none [^x].\n\n[^1]: A *note*.\n\n[^long]: One.\n\n    Two."
    got = extract(source, content_type="text/markdown", formats=("markdown", "text")).content
    assert got["markdown"] == source.replace("[^x]", "\\[^x]")
    assert got["text"].endswith("1. A note.\n2. One.\n   Two.")


def test_the_front_matter_of_markdown_is_its_head() -> None:
    source = '---\ntitle: "Lamps: a guide"\nauthor: Jo Doe\ndate: 2024-03-01\ntags: [light, home]\n---\n# Lamps\n'
    got = extract(source, content_type="text/markdown", formats=("markdown",))
    assert got.content["markdown"] == "# Lamps"
    assert (got.title, got.author, got.published_at) == ("Lamps: a guide", "Jo Doe", "2024-03-01")
    assert got.metadata["keywords"] == ["light", "home"]


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"%PDF-1.7", "text/html", "pdf"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "text/plain", "html"),
        (b"{}", "application/ld+json; charset=utf-8", "json"),
        (b"<rss/>", "application/rss+xml", "xml"),
        (b"<?xml version='1.0'?><feed/>", "", "xml"),
        (b"<?xml version='1.0'?><html xmlns='x'/>", "", "html"),
        (b"name,age", "text/csv", "text"),
        (b"<p>hello", "", "html"),
        (b'{"a": 1}', "text/html", "json"),
        (b'{"a": 1}', "text/plain", "text"),
        (b"<!-- a note -->\n# Head", "text/markdown", "markdown"),
        (b"<!-- a note --><p>hello", "text/plain", "html"),
        (b"<?xml version='1.0'?><!-- made by hand --><rss version='2.0'>", "text/html; charset=utf-8", "xml"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "text/html", "xml"),
        (b"<?xml version='1.0'?><html xmlns='x'><rss/>", "text/html", "html"),
        (b"<p>of <rss> elements", "text/html", "html"),
    ],
)
def test_first_bytes_outrank_the_media_type(body: bytes, content_type: str, kind: str) -> None:
    assert kind_of(body, content_type) == kind


def test_text_is_its_own_text() -> None:
    got = extract(b"one < two\n\nthree\nfour", content_type="text/plain", formats=ALL).content
    assert got["text"] == got["raw"] == "one < two\n\nthree\nfour"
    assert "<p>one &lt; two</p>" in got["html"]


def test_json_is_its_own_json() -> None:
    got = extract(b'{"a": [1]}', content_type="application/json", formats=ALL).content
    assert got["json"] == {"a": [1]}
    assert got["markdown"].startswith("```json\n{")


def test_json_that_is_nested_deeper_than_an_answer_is_text() -> None:
    got = extract(b'{"a":' * 400 + b"1" + b"}" * 400, content_type="application/json", formats=("json", "raw")).content
    assert got["json"]["@type"] == "WebPage"


NAMED = {"type": "object", "properties": {"name": {"type": "string"}}}


@pytest.mark.parametrize(
    ("body", "schema", "expected"),
    [
        (
            b'{"name": "Lamp", "offer": {"price": "5"}}',
            {"title": "string", "cost": "number"},
            {"title": "Lamp", "cost": 5},
        ),
        (
            b'[{"name": "Lamp"}, {"name": "Desk"}]',
            {"products": [NAMED]},
            {"products": [{"name": "Lamp"}, {"name": "Desk"}]},
        ),
        (b'{"data": [{"name": "Lamp", "x": 1}]}', {"type": "array", "items": NAMED}, [{"name": "Lamp"}]),
    ],
)
def test_a_schema_chooses_from_json(body: bytes, schema: Any, expected: Any) -> None:
    got = extract(body, content_type="application/json", formats=("json",), schema=schema)
    assert got.filtered_content == got.content["json"] == expected


def test_json_that_does_not_parse_is_read_as_a_page() -> None:
    got = extract(b"<p>Internal error: the gateway is down</p>", content_type="application/json", formats=("text",))
    assert "gateway" in got.content["text"]


def test_a_page_may_begin_with_a_bracket() -> None:
    got = extract(b"[1] The first of <b>many</b> notes", content_type="text/html", formats=("text",))
    assert got.content["text"] == "[1] The first of many notes"


def test_a_feed_is_a_list_of_its_entries() -> None:
    feed = (
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>First</title>'
        b"<link>https://example.com/1</link><description>&lt;b&gt;hi&lt;/b&gt;</description></item></channel></rss>"
    )
    got = extract(feed, content_type="application/rss+xml", formats=("markdown",))
    assert got.title == "News"
    assert "[First](https://example.com/1)\n\n**hi**" in got.content["markdown"]


def test_other_xml_gives_its_text() -> None:
    got = extract(b"<?xml version='1.0'?><a><b>one</b><c>two</c></a>", formats=("text",))
    assert got.content["text"].split() == ["one", "two"]


def test_a_pdf_is_read_page_by_page() -> None:
    got = extract(pdf(), formats=("text", "markdown", "json"))
    assert got.title == "Report"
    assert got.content["text"] == "First page\n\nSecond page"
    assert got.content["markdown"] == "First page\n\n---\n\nSecond page"
    assert got.content["json"]["pages"][1] == {"page": 2, "text": "Second page"}


@pytest.mark.parametrize(
    ("body", "code"), [(pdf("secret"), "PDF_ENCRYPTED"), (pdf()[:400], "PDF_BROKEN"), (b"%PDF-1.4 no", "PDF_BROKEN")]
)
def test_a_pdf_that_cannot_be_read_says_why(body: bytes, code: str) -> None:
    with pytest.raises(Unprocessable) as raised:
        extract(body)
    assert raised.value.code == code
