"""Extraction in processes of their own, so that no page can hang, crash or bloat a worker."""

import asyncio
import contextlib
import sys
from typing import Any

import orjson

from alterlab_server.extract import Extraction, ExtractOptions
from alterlab_server.extract.child import LENGTH
from alterlab_server.fetch.places import FairPlaces
from alterlab_server.jobs.schemas import JobError

# Room for a page of the largest allowed size, its tree and all formats.
MEMORY_BYTES = 3 * 1024**3
# An answer of usual size is read without a pause.
READ_AHEAD_BYTES = 1_048_576
# A process is replaced after so many pages, so that what a parser leaks cannot add up.
PAGES_PER_PROCESS = 2_000

# `text`, and `boxes` of {text, x, y, width, height, confidence} in pixels.
ImageText = dict[str, Any]


class Extractor:
    """A fixed number of warm processes, and a quarter more for whoever has no page in any while all are taken; each
    takes one page at a time."""

    def __init__(self, processes: int) -> None:
        processes = max(1, processes)
        spare = -(-processes // 4)
        self._places = FairPlaces(processes, spare)
        self._spare = [_Child() for _ in range(spare)]
        self._warm = [_Child() for _ in range(processes)]
        # The process used last is the one whose code and data are still in the processor's caches.
        self._idle = [*self._spare, *self._warm]

    async def start(self) -> None:
        """Start the processes before their first pages; a spare one begins when it is needed."""
        await asyncio.gather(*(child.start() for child in self._warm))

    async def stop(self) -> None:
        """End all processes."""
        await asyncio.gather(*(child.stop() for child in (*self._spare, *self._warm)))

    async def extract(
        self, body: bytes, options: ExtractOptions, seconds: float, owner: str = ""
    ) -> Extraction | JobError:
        """Extract within `seconds`, waiting for a free process included; the error says what went wrong.

        However many pages one `owner` has, another's wait is not as long as all of his work.
        """
        answer = await self._run({"extract": options}, body, seconds, owner)
        return answer if isinstance(answer, JobError) else Extraction(**answer["extraction"])

    async def read_image(
        self, body: bytes, language: str, options: ExtractOptions, seconds: float, owner: str = ""
    ) -> tuple[Extraction, ImageText] | JobError:
        """The text of an image, extracted in the formats of `options`, and where it stands."""
        answer = await self._run({"ocr": options, "language": language}, body, seconds, owner)
        return answer if isinstance(answer, JobError) else (Extraction(**answer["extraction"]), answer["ocr"])

    async def _run(self, job: dict[str, Any], body: bytes, seconds: float, owner: str) -> dict[str, Any] | JobError:
        try:
            async with asyncio.timeout(max(0.0, seconds)), self._places.held(owner):
                child = self._idle.pop()
                try:
                    answer = await child.run(orjson.dumps(job), body)
                finally:
                    self._idle.append(child)
        except TimeoutError:
            return JobError(504, "TIMEOUT", f"The page could not be extracted within {seconds:.0f} seconds.")
        except (asyncio.IncompleteReadError, ConnectionError):
            return JobError(422, "EXTRACTION_FAILED", "The page is beyond what extraction can handle.")
        return JobError(**answer["error"]) if "error" in answer else answer


class _Child:
    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._pages = 0

    async def start(self) -> None:
        self._pages = 0
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "alterlab_server.extract.child",
            str(MEMORY_BYTES),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=READ_AHEAD_BYTES,
            start_new_session=True,  # a Ctrl-C at the terminal is the worker's to handle
        )

    async def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def run(self, job: bytes, body: bytes) -> dict[str, Any]:
        """One page. When it is cancelled or fails, the process is in the middle of something and is ended."""
        if self._process is None or self._pages >= PAGES_PER_PROCESS:
            await self.stop()
            await self.start()
        try:
            answer: dict[str, Any] = orjson.loads(await self._exchange(job, body))
        except BaseException:
            await asyncio.shield(self.stop())
            raise
        self._pages += 1
        return answer

    async def _exchange(self, job: bytes, body: bytes) -> bytes:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ConnectionError("the extraction process is not running")
        # All at once: each write would wake the process for a part of what it waits for.
        process.stdin.writelines((LENGTH.pack(len(job)), job, LENGTH.pack(len(body)), body))
        await process.stdin.drain()
        head = await process.stdout.readexactly(LENGTH.size)
        return await process.stdout.readexactly(LENGTH.unpack(head)[0])
