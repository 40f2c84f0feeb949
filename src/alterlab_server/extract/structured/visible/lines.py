"""Labels and their values in the visible lines of a page."""

import re
from dataclasses import dataclass, replace

from alterlab_server.extract.structured.visible.vocabulary import Labels

MAX_LINES = 20_000
MAX_LABEL = 48
MIN_TRAILING_LABEL = 3
# A longer line is prose.
MAX_LINE = 200
MAX_VALUE = 200
# What a page says of its one thing stands this many lines above and below its heading.
LINES_ABOVE, LINES_BELOW = 8, 200

EDGES = " \t*•·-–—:：.#|<>〈〉《》()[]【】（）「」\"'"
# A value keeps its full stop ("R.K."), a bracket at its end may have been opened inside it.
_OPENING = " \t*•·-–—:：#|〈《【「\"'"
_CLOSING = " \t*|〉》】」\"'"
_SEPARATOR = re.compile(r"[:：\t\-–—](?:(?<=[:：\t])|(?<=\s[-–—])(?=\s))")
_DIGIT = re.compile(r"\d")
_COLUMNS = re.compile(r"[ \t]{2,}")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value that the page shows beside or below a label, with the number of its line."""

    label: str
    value: str
    line: int


def visible_lines(text: str) -> list[str]:
    """The non-empty lines of a page's plain text; the columns of a table are lines of their own."""
    lines: list[str] = []
    for part in text.replace("\xa0", " ").splitlines():
        line = part.strip(" *\t")
        if "  " in line:
            lines += _COLUMNS.split(line)
        elif line:
            lines.append(line)
    return lines[:MAX_LINES]


def lines_beginning(lines: list[str], beginnings: frozenset[str], longest: int) -> list[str]:
    """The lines, none longer than `longest`, whose first two letters are one of the beginnings in lower case."""
    return [line for line in lines if len(line) <= longest and line.lstrip(EDGES)[:2].lower() in beginnings]


def labelled(lines: list[str], labels: Labels) -> dict[str, list[Labelled]]:
    """The values of the labels (label → field) by field, in page order.

    A label is told by a colon or a dash ("SKU: 7", "SKU - 7"), by standing alone above the value ("SKU", "7"), or by
    standing in front of a code ("Ref 7001").
    """
    found: dict[str, list[Labelled]] = {}
    beginnings = labels.beginnings
    for number, line in enumerate(lines):
        # A line that neither begins like a label nor has a colon, behind which one may end, has none.
        start = line[:3].lower()
        if (":" in line or start in beginnings or start[:2] in labels or "：" in line) and len(line) <= MAX_LINE:
            pair = _pair(line, lines[number + 1] if number + 1 < len(lines) else "", labels)
            if pair and pair[1]:
                found.setdefault(labels[pair[0]], []).append(Labelled(pair[0], pair[1], number))
    return found


def labelled_near(lines: list[str], heading: int, labels: Labels) -> dict[str, list[Labelled]]:
    """The labelled values around the line of the page's heading; a label below another is no value of it."""
    start = max(heading - LINES_ABOVE, 0)
    found = labelled(lines[start : heading + LINES_BELOW], labels)
    return {
        field: [replace(x, line=x.line + start) for x in values if x.value.strip(EDGES).lower() not in labels]
        for field, values in found.items()
    }


def _pair(line: str, below: str, labels: Labels) -> tuple[str, str] | None:
    split = _SEPARATOR.search(line)
    if split is None or split.end() == len(line):
        return _unseparated(line, below, labels)
    label = line[: split.start()].strip(EDGES).lower()
    if label not in labels:
        # The label may follow the product's name in the same line: "Oak table Code: 7".
        label = label.rsplit(" ", 1)[-1]
        if label not in labels or len(label) < MIN_TRAILING_LABEL:
            return None
    return label, _cut(line[split.end() :])


def _unseparated(line: str, below: str, labels: Labels) -> tuple[str, str] | None:
    if len(line) > MAX_LABEL:
        return None
    alone = line.strip(EDGES).lower()
    if alone in labels:
        return alone, _cut(below)
    label, _, value = line.rpartition(" ")
    label = label.strip(EDGES).lower()
    if label in labels and any(char.isdigit() for char in value):
        return label, _cut(value)
    digit = _DIGIT.search(line)
    label = line[: digit.start()].strip(EDGES).lower() if digit else ""
    return (label, _cut(line[digit.start() :])) if digit and label in labels else None


def _cut(value: str) -> str:
    return value.strip(_OPENING).rstrip(_CLOSING)[:MAX_VALUE]
