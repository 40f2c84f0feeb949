"""How much a document weighs once it is unpacked, which no count of bytes on the wire tells."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from playwright.async_api import CDPSession, Error

# The largest documents of the web are below; a browser lays out some megabytes a second, and more slowly as they grow.
MAX_DOCUMENT_BYTES = 16_777_216
# Most documents are there within this time; the others are counted from then on, which costs messages for each request.
_PATIENT_SECONDS = 1.0


class DocumentWeight:
    """Counts what the documents of a page receive; made before its first request, and its interception started."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        self._documents: set[str] = set()
        self._bytes: Counter[str] = Counter()
        self._passed = asyncio.Event()
        cdp.on("Fetch.requestPaused", self._on_request)

    async def passed(self) -> None:
        """Return when a document has received more than MAX_DOCUMENT_BYTES."""
        await asyncio.sleep(_PATIENT_SECONDS)
        self._cdp.on("Network.dataReceived", self._on_data)
        with contextlib.suppress(Error):  # a page that has gone tells so itself
            await self._cdp.send("Network.enable")
        await self._passed.wait()

    def _on_request(self, event: Mapping[str, Any]) -> None:
        if event["resourceType"] == "Document":
            self._documents.add(event.get("networkId", ""))

    def _on_data(self, event: Mapping[str, Any]) -> None:
        name = event["requestId"]
        self._bytes[name] += event["dataLength"]
        if name in self._documents and self._bytes[name] > MAX_DOCUMENT_BYTES:
            self._passed.set()
