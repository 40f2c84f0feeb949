"""Listing the results of a crawl whose pages are large."""

import orjson
import pytest
from backports import zstd
from tests.support.crawls import new_crawl

from alterlab_server.crawl import service
from alterlab_server.crawl.repository import pages
from alterlab_server.crawl.values import Found
from alterlab_server.db import Database

PAGES = 50
RESULT = zstd.compress(orjson.dumps({"content": "x" * 10_000}))


async def test_an_answer_holds_so_many_bytes_and_the_next_one_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_LISTED_BYTES", 25 * 10_000)
    crawl = await new_crawl(database, "http://a.test/", completed=PAGES)
    found = [Found(f"http://a.test/{number}", number, "a.test", 1, 0.5, None) for number in range(1, PAGES + 1)]
    names = ("tier", "status_code", "title", "error_code", "error")
    ended = [
        {"fingerprint": page.fingerprint, "state": "completed", "sequence": page.fingerprint, "charged": 200}
        | {"attempt": 1, **dict.fromkeys(names)}
        for page in found
    ]
    listed: list[int] = []
    cursor: int | None = 0
    async with database.transaction() as transaction:
        await pages.add(transaction, crawl.id, found)
        await pages.write(transaction, crawl.id, ended)
        await pages.add_results(transaction, crawl.id, [(page.fingerprint, RESULT) for page in found])
        while cursor is not None:
            body = await service.list_pages(transaction, crawl, cursor, service.MAX_LISTED)
            listed.append(len(body["pages"]))
            cursor = body["next_cursor"]
    assert listed == [40, 10]
