"""The pages of a crawl as lines of a file. Plain functions."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

CONTENT_TYPES = {"jsonl": "application/x-ndjson", "json": "application/json", "csv": "text/csv; charset=utf-8"}
_PLAIN = ("url", "final_url", "status", "status_code", "depth", "title", "tier_used", "credits_used")
_LAST = ("error_code", "error")
# What a spreadsheet takes for the beginning of a formula, which a page may have written for whoever opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def columns(formats: Sequence[str], *, extracts: bool) -> list[str]:
    """The columns of a CSV file: what each page has, a column for each format, and what is said of a failure."""
    return [*_PLAIN, *dict.fromkeys(formats), *(("extraction_result",) if extracts else ()), *_LAST]


def head(form: str, names: Sequence[str]) -> bytes:
    """What a file begins with."""
    return _csv([names]) if form == "csv" else b""


def lines(form: str, names: Sequence[str], pages: Sequence[Mapping[str, Any]]) -> bytes:
    """The lines of some pages."""
    if form == "csv":
        return _csv([[_cell(page, name) for name in names] for page in pages])
    return b"".join(orjson.dumps(page, option=orjson.OPT_APPEND_NEWLINE) for page in pages)


def _cell(page: Mapping[str, Any], name: str) -> object:
    content = page.get("content")
    value = content[name] if isinstance(content, dict) and name in content else page.get(name)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
