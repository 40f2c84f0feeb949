import pytest

from alterlab_server.extract.body.hints import Hints, read_hints
from alterlab_server.extract.document import Document


def hints(head: str, url: str = "") -> Hints:
    return read_hints(Document(f"<html><head>{head}</head><body>x</body></html>", url))


def test_the_head_says_what_the_page_is() -> None:
    found = hints(
        '<title>Boats</title><meta property="og:type" content="Article"><meta name="description" content="All  Boats">'
        '<link rel="canonical" href="https://example.com/docs/boats/list-of-all">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"@type": "Person"}}</script>'
    )
    assert (found.title, found.og_type, found.description) == ("Boats", "article", "all boats")
    assert found.types == {"NewsArticle", "Person"}
    assert found.path_depth == 3
    assert {"docs", "boats", "list"} <= found.path


def test_the_declared_article_is_read_from_broken_json_too() -> None:
    text = "It was a &quot;long&quot; day. " * 6
    found = hints(f'<script type="application/ld+json">{{"articleBody": "{text}", oops</script>')
    assert found.article.startswith('it was a "long" day. it was')


@pytest.mark.parametrize("address", ["http://[::1", "http://exam\u2100ple.com/boats/"])
def test_an_address_that_is_none_is_no_matter(address: str) -> None:
    assert hints("", address).path == frozenset()
    assert hints(f'<meta property="og:url" content="{address}">').path == frozenset()


def test_no_address_says_nothing() -> None:
    assert hints("").path_depth == 0
