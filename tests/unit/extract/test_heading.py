"""The heading that names a page stands above its body."""

import pytest

from alterlab_server.extract import extract
from alterlab_server.extract.document import Document
from alterlab_server.extract.heading import page_heading

WORDS = "It burned all night, every night, and somebody had to carry the oil up the stairs. " * 6


def markdown(header: str, body: str, title: str = "The lamp | The Review") -> str:
    page = f"<title>{title}</title><body><header>{header}</header><article>{body}</article></body>"
    value: str = extract(page, formats=("markdown",)).content["markdown"]
    return value


@pytest.mark.parametrize(
    "body", [f"<h1>The lamp</h1><p>{WORDS}</p>", f"<h1> The\n lamp </h1><p>{WORDS}</p><p>{WORDS}</p>"]
)
def test_heading_in_the_article_stands_once(body: str) -> None:
    found = markdown("", body)
    assert found.startswith("# The lamp\n\nIt burned")
    assert found.count("The lamp") == 1


def test_heading_beside_the_article_is_set_above_it() -> None:
    assert markdown("<aside><h1>The <i>lamp</i></h1></aside>", f"<p>{WORDS}</p>").startswith("# The lamp\n\nIt burned")


@pytest.mark.parametrize(
    "markup", ["<h1>Welcome aboard</h1>", "<h1>The lamp</h1><h1>The Review</h1>", "<h1> </h1>", ""]
)
def test_what_does_not_name_the_page(markup: str) -> None:
    assert page_heading(Document(f"<body>{markup}<p>{WORDS}</p>"), "The lamp | The Review") is None


def test_page_without_a_title_has_no_heading() -> None:
    assert page_heading(Document("<body><h1>The lamp</h1>"), None) is None


def test_heading_is_in_the_html_once() -> None:
    page = f"<title>A &amp; B</title><body><header><h1>A &amp; B</h1></header><article><p>{WORDS}</p></article></body>"
    found = extract(page, formats=("html",))
    assert found.content["html"].count("<h1>A &amp; B</h1>") == 1
