"""rag: the markdown in chunks along its headings, for retrieval."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from alterlab_server.extract.flow.model import Block, Code, Heading, Table
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
_WORD = re.compile(r"\S+\s*|\s+")
_LINE_END = re.compile(r"\n+")
_SPLIT = re.compile(r"\n+|(?<=[.!?])\s+|(?<=[。！？])\s*")


def render(content: Content) -> list[dict[str, Any]]:
    """The chunks in order; `char_start` and `char_end` are places in the `markdown` format.

    A long table or code is cut between its lines. Each of its parts has the head of the table or the fences of the code
    around it, which are not counted in its places.
    """
    return [
        {
            "index": index,
            "text": chunk.text,
            "token_count": count_tokens(chunk.text),
            "heading_path": list(chunk.path),
            "char_start": chunk.start,
            "char_end": chunk.end,
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
    """A passage of the markdown, its place there, and the headings it stands under.

    `follows` says that it begins amid a block that was cut, `broken` that it ends amid one.
    """

    text: str
    start: int
    end: int
    path: tuple[str, ...]
    follows: bool = False
    broken: bool = False


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
    if piece.follows or before.broken:
        return None
    same_section = before.path == piece.path
    if not same_section and (count_tokens(before.text) >= MIN_TOKENS or piece.path[: len(before.path)] != before.path):
        return None
    text = before.text + "\n" * (piece.start - before.end) + piece.text
    joined = Chunk(text, before.start, piece.end, before.path, before.follows, piece.broken)
    return joined if count_tokens(text) <= MAX_TOKENS else None


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
            yield Chunk(text, place, place + len(text), titles)
        else:
            yield from _cut(block, text, place, titles)
        place += len(text) + 2


def _cut(block: Block, text: str, place: int, titles: tuple[str, ...]) -> Iterator[Chunk]:
    """A long block in parts, each of which can be read by itself."""
    opening, closing = _frame(block, text)
    room = _PART_TOKENS - count_tokens(opening + closing)
    if room < _PART_TOKENS // 2:
        opening, closing, room = "", "", _PART_TOKENS
    parts = list(_parts(text, room, _LINE_END if isinstance(block, Code | Table) else _SPLIT))
    for number, (start, part) in enumerate(parts):
        follows, broken = number > 0, number < len(parts) - 1
        shown = (opening if follows else "") + part + (closing if broken else "")
        yield Chunk(shown, place + start, place + start + len(part), titles, follows, broken)


def _frame(block: Block, text: str) -> tuple[str, str]:
    """What a part of a block begins and ends with, so that it is read as what the block is."""
    lines = text.split("\n")
    if isinstance(block, Code):
        return f"{lines[0]}\n", f"\n{lines[-1]}"
    if isinstance(block, Table):
        rows = len(block.rows)
        return "".join(f"{line}\n" for line in lines[len(lines) - rows - 2 : len(lines) - rows]), ""
    return "", ""


def _parts(text: str, room: int, split: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """A long text in parts that end where it may be split, if they can at an empty line."""
    start = end = tokens = 0
    gap = gap_tokens = 0
    for found in [*split.finditer(text), None]:
        stop = found.end() if found else len(text)
        count = count_tokens(text[end:stop])
        while tokens and tokens + count > room:
            at, before = (gap, gap_tokens) if gap_tokens * 2 >= room else (end, tokens)
            yield start, text[start:at].rstrip()
            start, tokens, gap_tokens = at, tokens - before, 0
        if count > room:
            yield from ((start + at, part) for at, part in _words(text[start:stop], room))
            start, count = stop, 0
        end, tokens = stop, tokens + count
        if found and found[0].count("\n") > 1:
            gap, gap_tokens = end, tokens
    if text[start:].strip():
        yield start, text[start:]


def _words(text: str, room: int) -> Iterator[tuple[int, str]]:
    """A text without lines or sentences in parts that end at words; a word that is longer is cut anywhere."""
    start = end = tokens = 0
    for found in _WORD.finditer(text):
        count = count_tokens(found[0])
        if tokens and tokens + count > room:
            yield start, text[start:end].rstrip()
            start, tokens = end, 0
        while count > room:
            yield start, text[start : start + room]
            count -= count_tokens(text[start : start + room])
            start += room
            if count <= room:  # the ends of parts of a word were counted as whole tokens
                count = count_tokens(text[start : found.end()])
        end, tokens = found.end(), tokens + count
    if text[start:].strip():
        yield start, text[start:]
