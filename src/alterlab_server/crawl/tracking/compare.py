"""Two versions of a page, compared. Plain functions."""

import hashlib
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

import orjson

# The time of a comparison grows with the square of the lines; beyond this what differs is shown as one piece.
MAX_LINES = 1_000
MAX_DIFFERENCES = 500
# What a page says as readers see it comes before what only programs read.
CONTENT_BASES = ("markdown", "text", "content", "rag", "html", "raw", "json_v2", "json")
EXTRACTED = "extraction_result"


def version_of(answer: Mapping[str, Any], basis: str) -> bytes | None:
    """What is compared of a page: one of its formats, or what a schema has extracted; None when it has none."""
    content = answer.get("content")
    value = answer.get(EXTRACTED) if basis == EXTRACTED else content.get(basis) if isinstance(content, dict) else None
    if value is None:
        return None
    return value.encode() if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(version: bytes) -> bytes:
    """SHA-256 of a version (spec: crawl, change_tracking)."""
    return hashlib.sha256(version).digest()


def differences(before: bytes, after: bytes, mode: str) -> list[dict[str, Any]]:
    """What differs: lines in the mode `content`, fields in the mode `structured`; of many the first ones."""
    if mode == "content":
        found = _lines(before.decode().splitlines(), after.decode().splitlines())
    else:
        found = _fields(orjson.loads(before), orjson.loads(after))
    return [difference for difference, _ in zip(found, range(MAX_DIFFERENCES), strict=False)]


def _lines(before: list[str], after: list[str]) -> Iterator[dict[str, Any]]:
    """`{line, removed, added}` for each piece; `line` counts from 1 in the new version."""
    same = _common(before, after)
    tail = _common(before[same:][::-1], after[same:][::-1])
    old, new = before[same : len(before) - tail], after[same : len(after) - tail]
    if max(len(old), len(new)) > MAX_LINES:
        yield {"line": same + 1, "removed": old, "added": new}
        return
    for kind, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if kind != "equal":
            yield {"line": same + k + 1, "removed": old[i:j], "added": new[k:m]}


def _common(left: list[str], right: list[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _fields(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """`{field, before, after}` for each value that differs; a path is `offers.0.price`, a missing value is null."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from _fields(before.get(name), after.get(name), f"{path}.{name}" if path else name)
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else None
            new = after[index] if index < len(after) else None
            yield from _fields(old, new, f"{path}.{index}" if path else str(index))
    elif before != after:
        yield {"field": path, "before": before, "after": after}
