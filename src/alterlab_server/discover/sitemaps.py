"""The pages that a site's sitemaps name, index by index, as a stream."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.url import parse_url
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.frontier.fingerprint import fingerprint
from alterlab_server.frontier.sitemaps import MAX_BYTES, MAX_ENTRIES, MAX_FILES, read_sitemap

FETCH_SECONDS = 60.0
CHUNK = 1_000
# The standard knows indexes of sitemaps, and none of indexes; some sites nest them once or twice.
MAX_NESTED = 3


@dataclass(slots=True)
class SitemapReader:
    """Reads sitemaps and those that they list, at most `limit` pages in all.

    Each has `seconds` to arrive, and FETCH_SECONDS at most. A sitemap is read once, also when it lists itself; one that
    cannot be fetched names nothing. `left_out`: there were more of them, or deeper in each other, than are read.
    """

    tier: Tier
    limit: int = MAX_ENTRIES
    seconds: float = FETCH_SECONDS
    left_out: bool = False

    async def pages(self, addresses: Sequence[str]) -> AsyncIterator[list[str]]:
        """The normalised page addresses in these sitemaps, which may repeat, in pieces.

        There is a piece for each file, also when it is empty, so that who reads them can stop.
        """
        waiting = deque((address, 0) for address in addresses[:MAX_FILES])
        seen = {fingerprint(address) for address, _ in waiting}
        self.left_out = len(addresses) > MAX_FILES
        left = self.limit
        while waiting and left > 0:
            sitemap, nested = waiting.popleft()
            body = await self._fetch(sitemap)
            pages: list[str] = []
            for entry in read_sitemap(body):
                address = _normalised(entry.url)
                if address is None:
                    continue
                if not entry.is_sitemap:
                    pages.append(address)
                    left -= 1
                elif (mark := fingerprint(address)) not in seen:
                    if nested == MAX_NESTED or len(seen) >= MAX_FILES:
                        self.left_out = True
                        continue
                    seen.add(mark)
                    waiting.append((address, nested + 1))
                if len(pages) == CHUNK or left == 0:
                    yield pages
                    pages = []
                if left == 0:
                    return
            yield pages

    async def _fetch(self, address: str) -> bytes:
        deadline = asyncio.get_running_loop().time() + min(self.seconds, FETCH_SECONDS)
        outcome = await self.tier.fetch(FetchRequest(address, max_bytes=MAX_BYTES), deadline)
        if isinstance(outcome, Failure) or not 200 <= outcome.status < 300:
            return b""
        return outcome.body


def _normalised(text: str) -> str | None:
    try:
        return parse_url(text).without_fragment
    except InvalidUrl:
        return None
