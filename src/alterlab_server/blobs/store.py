"""obstore behind a seam: a folder, or any store that obstore has a URL for (s3://, gs://, az://)."""

import contextlib
from pathlib import Path
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url


class BlobStore:
    """Puts, gets and deletes objects by key, such as `screenshots/2026-11-21/….png`."""

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

    async def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object, over one of the same key."""
        attributes = None if isinstance(self._store, LocalStore) else {"Content-Type": content_type}
        await obstore.put_async(self._store, key, body, attributes=attributes)

    async def get(self, key: str) -> bytes | None:
        """An object's bytes, or None when there is none."""
        try:
            found = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return None
        return bytes(await found.bytes_async())

    async def delete(self, keys: list[str]) -> None:
        """Delete objects; one that is gone already is no error."""
        for key in keys:
            with contextlib.suppress(NotFoundError, FileNotFoundError):
                await obstore.delete_async(self._store, key)
