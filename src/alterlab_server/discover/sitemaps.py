"""The pages that a site's sitemaps name, index by index, as a stream."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.url import parse_url
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.frontier.fingerprint import fingerprint
from alterlab_server.frontier.sitemaps import MAX_BYTES, MAX_ENTRIES, MAX_FILES, read_sitemap

FETCH_SECONDS = 60.0
CHUNK = 1_000


async def sitemap_pages(
    addresses: Sequence[str], tier: Tier, limit: int = MAX_ENTRIES, seconds: float = FETCH_SECONDS
) -> AsyncIterator[list[str]]:
    """The normalised page addresses in these sitemaps and in those they list, in pieces, at most `limit` in all.

    Each has `seconds` to arrive, and FETCH_SECONDS at most. A sitemap is read once, also when it lists itself; one that
    cannot be fetched names nothing. Pages may repeat.
    """
    waiting = deque(addresses)
    seen = {fingerprint(address) for address in addresses}
    files = 0
    while waiting and files < MAX_FILES and limit > 0:
        files += 1
        body = await _fetch(waiting.popleft(), tier, min(seconds, FETCH_SECONDS))
        pages: list[str] = []
        for entry in read_sitemap(body):
            address = _normalised(entry.url)
            if address is None:
                continue
            if not entry.is_sitemap:
                pages.append(address)
                limit -= 1
            elif (mark := fingerprint(address)) not in seen and len(seen) < MAX_FILES:
                seen.add(mark)
                waiting.append(address)
            if len(pages) == CHUNK or limit == 0:
                yield pages
                pages = []
            if limit == 0:
                return
        if pages:
            yield pages


def _normalised(text: str) -> str | None:
    try:
        return parse_url(text).without_fragment
    except InvalidUrl:
        return None


async def _fetch(address: str, tier: Tier, seconds: float) -> bytes:
    deadline = asyncio.get_running_loop().time() + seconds
    outcome = await tier.fetch(FetchRequest(address, max_bytes=MAX_BYTES), deadline)
    if isinstance(outcome, Failure) or not 200 <= outcome.status < 300:
        return b""
    return outcome.body
