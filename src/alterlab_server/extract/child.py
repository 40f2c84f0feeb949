"""An extraction process: reads jobs from its standard input, writes their results to its standard output.

A frame is its length (4 bytes, big endian) and that many bytes. A job is two frames: JSON, `{"extract": options}` or
`{"ocr": options, "language": …}`, and the body. A result is one frame of JSON: `{"extraction": …}`, with `"ocr": {text,
boxes}` beside it for an image, or `{"error": {code, message, details, status}}`.
"""

import gc
import resource
import struct
import sys
from dataclasses import replace
from typing import Any, BinaryIO

import orjson

from alterlab_server.base.errors import ServiceError
from alterlab_server.extract.body.model import shipped_judge
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.pipeline import extract
from alterlab_server.extract.readers.ocr import read_image

LENGTH = struct.Struct(">I")


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame, or None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Write one frame, all at once: who reads it is woken once."""
    stream.write(LENGTH.pack(len(body)) + body)


def answer(job: bytes, body: bytes) -> bytes:
    """Run one job."""
    fields = orjson.loads(job)
    try:
        done = _read_image(fields, body) if "ocr" in fields else _extract(fields, body)
    except ServiceError as error:
        said = {"status": error.status, "code": error.code, "message": error.message, "details": error.details}
        return orjson.dumps({"error": said})
    return orjson.dumps(done, option=orjson.OPT_NON_STR_KEYS)


def _options(fields: dict[str, Any]) -> ExtractOptions:
    return ExtractOptions(**fields | {"formats": tuple(fields["formats"])})


def _extract(job: dict[str, Any], body: bytes) -> dict[str, Any]:
    return {"extraction": extract(body, _options(job["extract"]))}


def _read_image(job: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The text of an image is extracted like any other text."""
    found = read_image(body, job["language"])
    options = replace(_options(job["ocr"]), content_type="text/plain; charset=utf-8")
    return {"extraction": extract(found.text, options), "ocr": found}


def main(memory_limit: int) -> None:
    """Serve until the input ends. `memory_limit` bounds the address space in bytes."""
    shipped_judge()
    gc.freeze()  # the collector need not look again at what stays
    resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    while (job := read_frame(sys.stdin.buffer)) is not None:
        body = read_frame(sys.stdin.buffer)
        if body is None:
            return
        write_frame(sys.stdout.buffer, answer(job, body))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
