"""`advanced.ocr`: the text in the images of a page."""

import asyncio
from collections.abc import Sequence
from typing import Any

from alterlab_server.extract import ExtractOptions
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.jobs.schemas import JobError
from alterlab_server.scrape.extractor import Extractor

# A page may have hundreds of images, of which the first carry what a reader sees.
MAX_IMAGES = 10
MAX_IMAGE_BYTES = 5_242_880
IMAGE_SECONDS = 20.0


async def read_images(
    addresses: Sequence[str], proxy: str | None, language: str, tier: Tier, extractor: Extractor, deadline: float
) -> list[dict[str, Any]]:
    """`{image_url, text, boxes}` for each of the first images that has text.

    `proxy` is the one that the page came through, `deadline` is on the loop's clock.
    """
    wanted = [FetchRequest(url, max_bytes=MAX_IMAGE_BYTES, proxy=proxy) for url in addresses[:MAX_IMAGES]]
    found = await asyncio.gather(*(_read(image, language, tier, extractor, deadline) for image in wanted))
    return [item for item in found if item is not None]


async def _read(
    wanted: FetchRequest, language: str, tier: Tier, extractor: Extractor, deadline: float
) -> dict[str, Any] | None:
    loop = asyncio.get_running_loop()
    until = min(deadline, loop.time() + IMAGE_SECONDS)
    image = await tier.fetch(wanted, until)
    if isinstance(image, Failure) or image.truncated or image.status >= 400:
        return None
    read = await extractor.read_image(image.body, language, ExtractOptions(formats=()), until - loop.time())
    if isinstance(read, JobError) or not read[1]["text"]:
        return None
    return {"image_url": wanted.url, **read[1]}
