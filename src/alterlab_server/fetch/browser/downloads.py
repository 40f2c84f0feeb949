"""What a browser saves instead of showing it, bounded while it is written: it may unpack to far more than is sent."""

import asyncio
import contextlib
import logging
from pathlib import Path

from playwright.async_api import Download, Error

_log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.05  # Chromium writes some 20 MB in that time


async def read_download(download: Download, limit: int) -> tuple[bytes, bool]:
    """At most `limit` bytes of what is saved, and whether that is all; a file that grows larger is given up."""
    growing = _growing(download)
    saving = asyncio.ensure_future(download.path())
    try:
        while not saving.done() and _size(growing) <= limit:
            await asyncio.wait((saving,), timeout=_LOOK_SECONDS)
        if not saving.done():
            with contextlib.suppress(FileNotFoundError):  # it is whole by now
                return await asyncio.to_thread(_read, growing, limit), False
        path = await saving
        return await asyncio.to_thread(_read, path, limit), _size(path) <= limit
    except Error as error:
        _log.info("a download ended early: %s", error.message)
        return b"", True
    finally:
        discard(download)
        saving.cancel()
        await asyncio.gather(saving, return_exceptions=True)


def discard(download: Download) -> None:
    """Give up what nobody reads any more; what is whole already goes with its context."""
    task = asyncio.ensure_future(download.cancel())
    task.add_done_callback(lambda done: done.cancelled() or done.exception())


def _growing(download: Download) -> Path:
    """Where a file is until it is whole, as Chromium names it; Playwright tells nobody the place before."""
    place: str = download._impl_obj._artifact._initializer["absolutePath"]  # noqa: SLF001
    return Path(f"{place}.crdownload")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit)
