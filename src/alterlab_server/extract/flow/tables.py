"""Tables: header, spans and captions."""

from collections.abc import Callable, Sequence

from turbohtml import Element, Node

from alterlab_server.extract.flow.model import Inline, Table

CellReader = Callable[[Element], Inline]
EMPTY = Inline("", "")
# A span beyond these is a mistake or a trap (HTML itself allows 1000 and 65534).
MAX_COLSPAN, MAX_ROWSPAN = 100, 1000
MAX_CELLS = 20_000
_BLOCKS_IN_CELLS = ("table", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "form", "article")


def is_layout(table: Element) -> bool:
    """Whether a table arranges the page instead of stating data: what its cells hold are blocks, or it has one cell."""
    if table.attr("role") in ("presentation", "none") or table.find("table") is not None:
        return True
    if table.find("th") is not None or table.find("caption") is not None:
        return False
    rows = [row for row in table.iter_elements("tr") if row.find(["td", "th"]) is not None]
    widths = {len(_cells(row)) for row in rows}
    if widths <= {1}:
        return True
    heavy = sum(cell.find(list(_BLOCKS_IN_CELLS)) is not None for cell in table.iter_elements("td"))
    return heavy > len(rows)


def read_table(table: Element, read_cell: CellReader) -> Table | None:
    """The table as a grid: a spanning cell is repeated in each place it covers. None for one without cells."""
    head: list[list[Inline]] = []
    body: list[list[Inline]] = []
    grid, alignments = _grid(table, read_cell)
    for is_head, row in grid:
        (head if is_head and not body else body).append(row)
    if not head and body:
        head = [body.pop(0)]
    width = max((len(row) for row in head + body), default=0)
    if not width or not any(cell.text.strip() or cell.markdown for row in head + body for cell in row):
        return None
    caption = table.find("caption")
    return Table(
        caption=read_cell(caption) if caption is not None and caption.text.strip() else None,
        header=_merged(head, width),
        rows=[_padded(row, width) for row in body],
        alignments=[alignments.get(column, "") for column in range(width)],
    )


def _grid(table: Element, read_cell: CellReader) -> tuple[list[tuple[bool, list[Inline]]], dict[int, str]]:
    rows: list[tuple[bool, list[Inline]]] = []
    alignments: dict[int, str] = {}
    open_spans: dict[int, tuple[int, Inline]] = {}
    total = 0
    group: Node | None = None
    for element in table.iter_elements("tr"):
        cells = _cells(element)
        row: list[Inline] = []
        if element.parent != group:
            group = element.parent
            open_spans.clear()  # a span ends with its group of rows
        for cell in cells:
            _continue_spans(row, open_spans)
            content = read_cell(cell)
            alignments.setdefault(len(row), _alignment(cell))
            down = _span(cell, "rowspan", MAX_ROWSPAN)
            for _ in range(_span(cell, "colspan", MAX_COLSPAN)):
                if down > 1:
                    open_spans[len(row)] = (down - 1, content)
                row.append(content)
        _continue_spans(row, open_spans)
        total += len(row)
        if total > MAX_CELLS:
            break
        if row:
            parent = element.parent
            in_head = isinstance(parent, Element) and parent.tag == "thead"
            rows.append((in_head or all(cell.tag == "th" for cell in cells), row))
    return rows, alignments


def _continue_spans(row: list[Inline], open_spans: dict[int, tuple[int, Inline]]) -> None:
    while (column := len(row)) in open_spans:
        left, content = open_spans.pop(column)
        if left > 1:
            open_spans[column] = (left - 1, content)
        row.append(content)


def _cells(row: Element) -> list[Element]:
    return [child for child in row.children if isinstance(child, Element) and child.tag in ("td", "th")]


def _span(cell: Element, name: str, most: int) -> int:
    value = (cell.attr(name) or "").strip()
    if value == "0" and name == "rowspan":
        return most  # down to the end of the group
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _alignment(cell: Element) -> str:
    style = (cell.attr("style") or "").replace(" ", "").lower()
    declared = style.partition("text-align:")[2].partition(";")[0] or (cell.attr("align") or "").lower()
    return declared if declared in ("left", "center", "right") else ""


def _merged(head: Sequence[Sequence[Inline]], width: int) -> list[Inline]:
    """Several header rows as one: the distinct texts of each column, from the top."""
    merged = []
    for column in range(width):
        cells = dict.fromkeys([row[column] for row in head if column < len(row) and row[column].markdown])
        merged.append(Inline(" ".join([c.markdown for c in cells]), " ".join([c.text for c in cells])))
    return merged


def _padded(row: Sequence[Inline], width: int) -> list[Inline]:
    return [*row, *[EMPTY] * (width - len(row))]
