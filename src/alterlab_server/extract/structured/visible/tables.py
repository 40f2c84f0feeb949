"""The tables of a page as lists of records: what each row says, by the heads of the columns."""

import re
from collections.abc import Iterator

from turbohtml import Element

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow.model import Inline
from alterlab_server.extract.flow.tables import is_layout, read_table
from alterlab_server.extract.structured.normalise.text import squeeze

MAX_TABLES, MAX_RECORDS = 30, 1_000
MIN_COLUMNS = 2
_UNIT = re.compile(r"\s*[(\[].*")


def shown_records(document: Document) -> Iterator[list[dict[str, str]]]:
    """The records of each table that has heads of columns, without the units in brackets behind them."""
    for table in document.tree.select("table:has(th)")[:MAX_TABLES]:
        found = None if is_layout(table) else read_table(table, _cell)
        if found is None or len(found.header) < MIN_COLUMNS or not found.rows:
            continue
        heads = [_UNIT.sub("", head.text) or head.text for head in found.header]
        yield [
            {head: cell.text for head, cell in zip(heads, row, strict=True) if head and cell.text}
            for row in found.rows[:MAX_RECORDS]
        ]


def _cell(cell: Element) -> Inline:
    text = squeeze(cell.to_text())
    return Inline(text, text)
