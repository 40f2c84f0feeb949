"""rag: the markdown in chunks along its headings, for retrieval."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from alterlab_server.extract.flow.model import Block, Heading
from alterlab_server.extract.formats.inputs import Content
from alterlab_server.extract.formats.markdown import write_parts
from alterlab_server.extract.words import UNSPACED, is_unspaced

# What embedding models of the common kind take in at once, with room to spare.
MAX_TOKENS = 512
# A section shorter than this says too little by itself and is joined with the next one on its level or below.
MIN_TOKENS = 48
# A long text is cut into parts that leave room for the heading above them.
_PART_TOKENS = MAX_TOKENS - MIN_TOKENS
_TOKEN = re.compile(r"\w+|[^\w\s]")
# Where words have no spaces between them, nearly each character is a token.
_TOKEN_OR_CHARACTER = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+|[^\w\s]")
_CHARACTERS_A_TOKEN = 6
_SPLIT = re.compile(r"\n+|(?<=[.!?])\s+|(?<=[。！？])\s*")


def render(content: Content) -> list[dict[str, Any]]:
    """The chunks in order; `char_start` and `char_end` are places in the `markdown` format."""
    return [
        {
            "index": index,
            "text": chunk.text,
            "token_count": count_tokens(chunk.text),
            "heading_path": list(chunk.path),
            "char_start": chunk.start,
            "char_end": chunk.start + len(chunk.text),
        }
        for index, chunk in enumerate(chunks(content.flow))
    ]


def count_tokens(text: str) -> int:
    """An estimate of a text's tokens in the vocabularies of current models: words in pieces of six, and signs; in
    scripts without spaces between words, characters."""
    tokens = (_TOKEN_OR_CHARACTER if is_unspaced(text) else _TOKEN).findall(text)
    return sum(-(-len(token) // _CHARACTERS_A_TOKEN) for token in tokens)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of the markdown, where it starts, and the headings it stands under."""

    text: str
    start: int
    path: tuple[str, ...]


def chunks(blocks: Sequence[Block]) -> Iterator[Chunk]:
    """Cut blocks into chunks: a heading starts a new one, and none is above MAX_TOKENS unless a single word is."""
    open_chunk: Chunk | None = None
    for piece in _pieces(blocks):
        joined = _join(open_chunk, piece)
        if joined is None:
            if open_chunk is not None:
                yield open_chunk
            open_chunk = piece
        else:
            open_chunk = joined
    if open_chunk is not None:
        yield open_chunk


def _join(before: Chunk | None, piece: Chunk) -> Chunk | None:
    """Both as one chunk, or None where they are better kept apart."""
    if before is None:
        return None
    same_section = before.path == piece.path
    if not same_section and (count_tokens(before.text) >= MIN_TOKENS or piece.path[: len(before.path)] != before.path):
        return None
    text = before.text + "\n" * (piece.start - before.start - len(before.text)) + piece.text
    return Chunk(text, before.start, before.path) if count_tokens(text) <= MAX_TOKENS else None


def _pieces(blocks: Sequence[Block]) -> Iterator[Chunk]:
    """Each block, or parts of a long one, with its place and the headings above it."""
    path: list[tuple[int, str]] = []
    place = 0
    for block, text in zip(blocks, write_parts(blocks), strict=True):
        if not text:
            continue
        if isinstance(block, Heading):
            path = [entry for entry in path if entry[0] < block.level]
            path.append((block.level, " ".join(block.content.text.split())))
        titles = tuple(title for _, title in path)
        if count_tokens(text) <= MAX_TOKENS:
            yield Chunk(text, place, titles)
        else:
            yield from (Chunk(part, place + start, titles) for start, part in _parts(text))
        place += len(text) + 2


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """A long text in parts that end at lines or sentences where there are any."""
    start = end = tokens = 0
    for found in [*_SPLIT.finditer(text), None]:
        stop = found.end() if found else len(text)
        count = count_tokens(text[end:stop])
        if tokens and tokens + count > _PART_TOKENS:
            yield start, text[start:end].rstrip()
            start, tokens = end, 0
        while count > _PART_TOKENS and stop - start > _PART_TOKENS:
            piece = text[start : start + _PART_TOKENS]
            yield start, piece
            start += _PART_TOKENS
            count -= count_tokens(piece)
        end, tokens = stop, tokens + count
    if text[start:].strip():
        yield start, text[start:]
