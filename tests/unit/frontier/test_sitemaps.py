import gzip
import itertools

import pytest

from alterlab_server.frontier.sitemaps import MAX_BYTES, Entry, read_sitemap

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
URLS = f"""{HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://a.test/1?x=1&amp;y=2 </loc><lastmod>2026-01-01</lastmod>
<image:image><image:loc>https://a.test/1.png</image:loc></image:image></url>
<url><loc>https://a.test/2</loc></url></urlset>"""
INDEX = f"{HEAD}<sitemapindex><sitemap><loc>https://a.test/m.xml.gz</loc></sitemap></sitemapindex>"


def _urls(body: bytes) -> list[str]:
    return [entry.url for entry in read_sitemap(body)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_pages(pack: type[bytes]) -> None:
    assert _urls(pack(URLS.encode())) == ["https://a.test/1?x=1&y=2", "https://a.test/2"]


def test_index() -> None:
    assert list(read_sitemap(INDEX.encode())) == [Entry("https://a.test/m.xml.gz", is_sitemap=True)]


def test_plain_text() -> None:
    assert _urls(b"https://a.test/1\r\nnothing\nhttps://a.test/2") == ["https://a.test/1", "https://a.test/2"]


def test_what_is_broken_ends_it() -> None:
    assert _urls(URLS.encode().replace(b"</url></urlset>", b"<oops")) == [
        "https://a.test/1?x=1&y=2",
        "https://a.test/2",
    ]
    assert _urls(gzip.compress(URLS.encode())[:-200]) == []


def test_an_entity_bomb_is_not_lit() -> None:
    bomb = f'{HEAD}<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset><url><loc>https://a.test/&a;</loc></url></urlset>'
    assert _urls(bomb.encode()) == []


def test_a_nest_without_end_is_left() -> None:
    pages = "<urlset><url><loc>https://a.test/1</loc></url></urlset>"
    nest = "<a>" * 99 + pages + "<a>" * 1_000_000 + pages
    assert _urls(nest.encode()) == []
    assert _urls(("<a>" * 90 + pages + "<a>" * 1_000_000 + pages).encode()) == ["https://a.test/1"]


def test_a_gzip_bomb_is_cut() -> None:
    bomb = gzip.compress(b"https://a.test/1\n" + b" " * (MAX_BYTES + 10_000_000) + b"\nhttps://a.test/2", 9)
    assert _urls(bomb) == ["https://a.test/1"]


def test_a_long_one_is_read_as_it_is_asked_for() -> None:
    rows = "".join(f"<url><loc>https://a.test/{n}</loc></url>" for n in range(100_000))
    first = itertools.islice(read_sitemap(f"<urlset>{rows}</urlset>".encode()), 3)
    assert [entry.url for entry in first] == [f"https://a.test/{n}" for n in range(3)]
