"""Sitemaps that list sitemaps: how many are read, and how deep."""

import pytest

from alterlab_server.base.page import Page
from alterlab_server.discover.sitemaps import MAX_NESTED, SitemapReader
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.frontier.sitemaps import MAX_FILES

SITE = "https://a.test"


class Indexes:
    """A tier that finds below /index/N an index of N + 1, and below /wide one of very many; all else is a page list."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, request: FetchRequest, _deadline: float) -> Page | Failure:
        self.asked.append(request.url)
        path = request.url.removeprefix(SITE)
        listed = [f"/list/{number}" for number in range(MAX_FILES + 5)]
        if path.startswith("/index/"):
            listed = [f"/index/{int(path.removeprefix('/index/')) + 1}", "/list/0"]
        if path.startswith("/list/"):
            body = f"<urlset><url><loc>{SITE}/page{path}</loc></url></urlset>"
        else:
            body = "".join(f"<sitemap><loc>{SITE}{name}</loc></sitemap>" for name in listed)
            body = f"<sitemapindex>{body}</sitemapindex>"
        return Page(request.url, request.url, 200, {}, body.encode())

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(
    ("start", "files", "pages", "left_out"),
    [
        ("/list/7", 1, 1, False),
        ("/index/1", MAX_NESTED + 2, 1, True),  # each index, and the one list that all of them name
        ("/wide", MAX_FILES, MAX_FILES - 1, True),
    ],
)
async def test_indexes_of_indexes_have_an_end(start: str, files: int, pages: int, left_out: bool) -> None:
    tier = Indexes()
    reader = SitemapReader(tier)
    found = [page async for piece in reader.pages([f"{SITE}{start}"]) for page in piece]
    assert (len(tier.asked), len(found), reader.left_out) == (files, pages, left_out)
