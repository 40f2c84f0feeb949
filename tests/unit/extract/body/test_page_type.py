from pathlib import Path

import pytest

from alterlab_server.extract import extract

PAGES = Path(__file__).parents[3] / "pages"


HEADS = {
    "article": '<meta property="og:type" content="article">',
    "documentation": '<link rel="canonical" href="https://example.com/docs/latest/guide">',
    "forum": '<link rel="canonical" href="https://example.com/forum/thread/mooring-lines">',
    "product": '<meta property="og:type" content="product"><link rel="canonical" href="https://example.com/products/a">',
    "service": '<meta property="og:type" content="website">',
}


@pytest.mark.parametrize("page_type", HEADS)
def test_a_typical_page_is_recognised(page_type: str) -> None:
    page = (PAGES / f"body-{page_type}" / "input.html").read_text(encoding="utf-8")
    got = extract(page.replace("</head>", f"{HEADS[page_type]}</head>"), formats=())
    assert got.page_type == page_type


def test_what_is_no_web_page_has_no_page_type() -> None:
    assert extract(b"Only text.", formats=("text",), content_type="text/plain").page_type is None
