import gzip
import zlib

import pytest
from backports import zstd

from alterlab_server.fetch.http.decoding import PIECE_BYTES, DecodingError, decoder

TEXT = b"The same sentence, again and again. " * 5000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKED = [
    ("", TEXT),
    ("identity", TEXT),
    ("made-up", TEXT),
    ("gzip", gzip.compress(TEXT)),
    ("X-GZIP", gzip.compress(TEXT)),
    ("gzip", gzip.compress(TEXT[:777]) + gzip.compress(TEXT[777:])),
    ("gzip", gzip.compress(TEXT) + bytes(512)),
    ("deflate", zlib.compress(TEXT)),
    ("deflate", raw_deflate(TEXT)),
    ("zstd", zstd.compress(TEXT)),
    ("zstd", zstd.compress(TEXT[:777]) + zstd.compress(TEXT[777:])),
]


@pytest.mark.parametrize("step", [1_000_000, 7])
@pytest.mark.parametrize(("encoding", "packed"), PACKED)
def test_undoes_the_encoding_however_it_is_cut(encoding: str, packed: bytes, step: int) -> None:
    unpacking = decoder(encoding)
    pieces = [piece for at in range(0, len(packed), step) for piece in unpacking.pieces(packed[at : at + step])]
    unpacking.end()
    assert b"".join(pieces) == TEXT


@pytest.mark.parametrize("packed", [gzip.compress(bytes(50_000_000)), zstd.compress(bytes(50_000_000))])
def test_pieces_stay_small(packed: bytes) -> None:
    unpacking = decoder("gzip" if packed.startswith(b"\x1f\x8b") else "zstd")
    assert max(len(piece) for piece in unpacking.pieces(packed)) <= PIECE_BYTES


@pytest.mark.parametrize(("encoding", "packed"), [row for row in PACKED if row[0] in {"gzip", "deflate", "zstd"}])
def test_an_early_end_is_noticed(encoding: str, packed: bytes) -> None:
    unpacking = decoder(encoding)
    list(unpacking.pieces(packed[: len(packed) // 2]))
    with pytest.raises(DecodingError):
        unpacking.end()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd", "br", "compress"])
def test_what_is_not_packed_so_or_cannot_be_unpacked(encoding: str) -> None:
    with pytest.raises(DecodingError):
        list(decoder(encoding).pieces(b"<p>plain</p>" * 100))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd", "br"])
def test_an_empty_body_is_complete(encoding: str) -> None:
    unpacking = decoder(encoding)
    assert list(unpacking.pieces(b"")) == []
    unpacking.end()
