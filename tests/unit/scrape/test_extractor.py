"""How the processes of extraction are shared."""

import asyncio

from alterlab_server.extract import Extraction, ExtractOptions
from alterlab_server.scrape.extractor import Extractor

PAGE = b"<h1>Lamp</h1>" + b"<p>A lamp that stands on a desk and gives a warm and steady light.</p>" * 2_000
OPTIONS = ExtractOptions(formats=("markdown",), content_type="text/html")


async def test_an_account_does_not_wait_for_all_pages_of_another() -> None:
    extractor, ended = Extractor(1), []

    async def extract(owner: str) -> None:
        assert isinstance(await extractor.extract(PAGE, OPTIONS, 60, owner), Extraction)
        ended.append(owner)

    try:
        await asyncio.gather(extract("many"), extract("few"))  # starts the spare process as well
        ended.clear()
        await asyncio.gather(*(extract(owner) for owner in ("many",) * 12 + ("few",)))
    finally:
        await extractor.stop()
    assert ended[-1] == "many"
