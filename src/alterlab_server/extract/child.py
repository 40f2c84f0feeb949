"""An extraction process: reads jobs from its standard input, writes their results to its standard output.

A frame is its length (4 bytes, big endian) and that many bytes. A job is two frames: the options as JSON, and the
body. A result is one frame of JSON: `{"extraction": …}`, or `{"error": {code, message, details, status}}`.
"""

import resource
import struct
import sys
from typing import BinaryIO

import orjson

from alterlab_server.base.errors import ServiceError
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.pipeline import extract

LENGTH = struct.Struct(">I")


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame, or None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Write one frame."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)


def answer(options: bytes, body: bytes) -> bytes:
    """Run one job."""
    fields = orjson.loads(options)
    fields["formats"] = tuple(fields["formats"])
    try:
        extraction = extract(body, ExtractOptions(**fields))
    except ServiceError as error:
        said = {"status": error.status, "code": error.code, "message": error.message, "details": error.details}
        return orjson.dumps({"error": said})
    return orjson.dumps({"extraction": extraction}, option=orjson.OPT_NON_STR_KEYS)


def main(memory_limit: int) -> None:
    """Serve until the input ends. `memory_limit` bounds the address space in bytes."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_limit, memory_limit))
    while (options := read_frame(sys.stdin.buffer)) is not None:
        body = read_frame(sys.stdin.buffer)
        if body is None:
            return
        write_frame(sys.stdout.buffer, answer(options, body))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
