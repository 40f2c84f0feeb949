"""obstore behind a seam: a folder, or any store that obstore has a URL for (s3://, gs://, az://)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import AzureStore, GCSStore, LocalStore, MemoryStore, ObjectStore, S3Store, from_url

from alterlab_server.blobs.errors import translated

if TYPE_CHECKING:  # a type that obstore has for type checkers alone
    from obstore import GetResult

# A stream goes up in parts of this size, of which two may be under way; S3 allows 10,000 parts an object.
PART_BYTES = 8_388_608
_PARTS_AT_A_TIME = 2


class BlobStore:
    """Puts, gets and deletes objects by key, such as `screenshots/2026-11-21/….png`. Writing raises BlobError."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def open(cls, url: str | None, folder: Path) -> "BlobStore":
        """The store at `url`, or a folder that is made when it is missing; credentials come from the store's own
        variables. `memory:///` keeps objects in this process, for tests."""
        if url is None:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(LocalStore(str(folder)))
        if urlsplit(url).scheme == "memory":
            return cls(MemoryStore())
        return cls(from_url(url))

    async def put(self, key: str, body: bytes | AsyncIterator[bytes], content_type: str) -> None:
        """Write an object, over one of the same key. What comes piece by piece is never held as a whole; when it
        raises, no object is made."""
        folder = isinstance(self._store, LocalStore)
        attributes = None if folder else {"Content-Type": content_type}
        with translated(cause=folder):
            await obstore.put_async(
                self._store,
                key,
                body,
                attributes=attributes,
                chunk_size=PART_BYTES,
                max_concurrency=_PARTS_AT_A_TIME,
            )

    async def get(self, key: str) -> AsyncIterator[bytes] | None:
        """An object's bytes in pieces, or None when there is none."""
        try:
            found = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return None
        return _pieces(found)

    async def delete(self, keys: list[str]) -> dict[str, Exception]:
        """Delete objects; one that is gone already is no error. What keeps those that could not be deleted."""
        try:
            await obstore.delete_async(self._store, keys)  # a thousand in each request, where a store can do that
        except (BaseError, OSError):  # a folder stops at the first that is gone, or that it may not delete
            kept = await asyncio.gather(*map(self._delete_one, keys))
            return {key: error for key, error in zip(keys, kept, strict=True) if error is not None}
        return {}

    async def _delete_one(self, key: str) -> Exception | None:
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return None
        except (BaseError, OSError) as error:
            return error
        return None

    async def signed_url(self, key: str, expires_in: timedelta) -> str | None:
        """An address under which whoever has it may read an object, or None where the store has no such thing."""
        if not isinstance(self._store, S3Store | GCSStore | AzureStore):
            return None
        return await obstore.sign_async(self._store, "GET", key, expires_in)


async def _pieces(found: "GetResult") -> AsyncIterator[bytes]:
    async for piece in found.stream():
        yield bytes(piece)
