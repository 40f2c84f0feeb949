"""`alterlab extract`: saved pages to standard output, without a server."""

import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from alterlab_server.base.errors import BadRequest, ServiceError
from alterlab_server.extract import FORMATS, ExtractOptions
from alterlab_server.extract import extract as extract_body

# Small enough that the processes end together, large enough that handing over costs little.
_CHUNK = 8
_STANDARD_INPUT = Path("-")
_GZIP_MAGIC = b"\x1f\x8b"
# A compressed file may not unpack to more; the largest body that the service itself takes is as large.
MAX_BYTES = 52_428_800


def extract(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Files: pages (.html), also compressed (.html.gz), PDF, text; - is standard input."),
    ],
    formats: Annotated[str, typer.Option(help="Comma-separated: text, html, markdown, json, …")] = "text,json",
    url: Annotated[str, typer.Option(help="Where the pages came from; their links are resolved against it.")] = "",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Lines of JSON, as always.")] = True,  # noqa: ARG001  promised
    jobs: Annotated[int, typer.Option(min=1, help="Files at a time.")] = 1,
) -> None:
    """Extract saved pages: a JSON line a file, in the order given.

    A file that cannot be read says so on its line, and the command ends with status 1 when all lines are printed.
    """
    wanted = tuple(name.strip() for name in formats.split(","))
    if unknown := [name for name in wanted if name not in FORMATS]:
        raise BadRequest(f"there is no format {unknown[0]!r}; there are {', '.join(FORMATS)}")
    all_read = True
    try:
        for line, was_read in _lines(paths, ExtractOptions(formats=wanted, url=url), jobs):
            sys.stdout.buffer.write(line + b"\n")
            all_read = all_read and was_read
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Who reads the lines has seen enough, as `head` does; nothing is left to tell them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not all_read:
        raise typer.Exit(1)


def _lines(paths: list[Path], options: ExtractOptions, jobs: int) -> Iterator[tuple[bytes, bool]]:
    one = partial(extract_file, options=options)
    if jobs == 1 or _STANDARD_INPUT in paths:  # other processes do not see it
        yield from map(one, paths)
        return
    with ProcessPoolExecutor(min(jobs, len(paths))) as pool:
        yield from pool.map(one, paths, chunksize=_CHUNK)


def extract_file(path: Path, options: ExtractOptions) -> tuple[bytes, bool]:
    """The JSON line of one file (its title, metadata and content by format, or its error), and whether it was read."""
    line: dict[str, Any] = {"path": str(path)}
    try:
        found = extract_body(_read(path), options)
    except (OSError, EOFError, zlib.error) as error:
        line["error"] = f"cannot be read: {error}"
    except ServiceError as error:
        line["error"] = error.message
    else:
        line |= {"title": found.title, "metadata": found.metadata, "content": found.content}
        if found.errors:
            line["errors"] = found.errors
        if found.content_truncated:
            line["content_truncated"] = found.content_truncated
    return orjson.dumps(line, option=orjson.OPT_NON_STR_KEYS), "error" not in line


def _read(path: Path) -> bytes:
    with sys.stdin.buffer if path == _STANDARD_INPUT else path.open("rb") as file:
        body = file.read(MAX_BYTES)
    if not body.startswith(_GZIP_MAGIC):
        return body
    with gzip.open(BytesIO(body)) as file:
        return file.read(MAX_BYTES)
