"""State embedded for the page's own program: `__NEXT_DATA__`, `window.… = {…}`, `dataLayer.push({…})`, attributes.

Scripts are scanned once, from left to right, for places where a value begins; only those values are parsed.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote

import orjson

from alterlab_server.extract.document import Document
from alterlab_server.extract.structured.normalise.text import unmarked
from alterlab_server.extract.structured.sources.lenient_json import loads_at, without_lone_surrogates
from alterlab_server.extract.structured.sources.literals import NUXT_STATE, assigned_state
from alterlab_server.extract.structured.sources.serialised import flight_values, plain_state, untagged

MAX_VALUES = 30
MAX_OBJECTS = 5_000
MAX_LENIENT = 2_000
# Smaller values are settings of the program.
MIN_VALUE = 40
# Shorter names stand in many titles by chance.
MIN_NAME = 4

_STARTS = re.compile(
    r"(?:=|\.push\()\s{0,20}(?:(?P<json>JSON\.parse\(\s{0,9}(?:decodeURIComponent\(\s{0,9})?)(?=[\"'])|(?=[{\[]))"
)
# Where components have their properties, in JSON.
_PROPERTIES = (
    "data-props",
    "data-react-props",
    "data-page",
    "data-product",
    "data-state",
    "data-initial-state",
    "data-json",
)
_ISLAND = "props"
_HOLDERS = ",".join(["astro-island[props]", *(f"[{name}]" for name in _PROPERTIES)])
MAX_HOLDERS = 100
_NAMES = ("name", "title", "headline", "productName", "product_name", "displayName")

State = Mapping[str, Any]


def read_state(document: Document) -> list[Any]:
    """The embedded values of a page, in page order, as far as the bounds go."""
    budget = _Budget()
    found = list(islice(_values(document, budget), MAX_VALUES))
    return [*map(plain_state, found), *flight_values(found), *_properties(document, budget)]


@dataclass(slots=True)
class _Budget:
    """What may still be read of one page, in characters; strict JSON costs little, the rest is read by hand."""

    scanned: int = 2_000_000
    strict: int = 1_000_000
    lenient: int = 8_000


def _values(document: Document, budget: _Budget) -> Iterator[Any]:
    for script in document.tree.select("script:not([src])"):
        source = without_lone_surrogates(script.text[: budget.scanned])
        budget.scanned -= len(source)
        kind = script.attr("type") or ""
        if "json" not in kind and NUXT_STATE in source and len(source) <= budget.strict:
            budget.strict -= len(source)
            state = assigned_state(source)
            yield from _assigned(source, budget) if state is None else (state,)
        elif "json" not in kind:
            yield from _assigned(source, budget)
        elif "ld+json" not in kind and len(source) <= budget.strict:
            budget.strict -= len(source)
            yield _strict(source)


def _properties(document: Document, budget: _Budget) -> Iterator[Any]:
    """What components of the page have in attributes."""
    for element in document.tree.select(_HOLDERS)[:MAX_HOLDERS]:
        for name in (*_PROPERTIES, _ISLAND):
            written = element.attr(name) or ""
            if written[:1] in ("{", "[") and len(written) <= budget.strict:
                budget.strict -= len(written)
                value = _strict(written)
                yield untagged(value) if name == _ISLAND else value


def _assigned(source: str, budget: _Budget) -> Iterator[Any]:
    """The values that a script assigns, pushes or parses."""
    position = 0
    while budget.strict > 0 and (found := _STARTS.search(source, position)):
        start = found.end()
        value, position = loads_at(source, start, min(budget.lenient, MAX_LENIENT))
        position = max(position, start + 1)
        budget.strict -= position - start
        if isinstance(value, str):
            value = _strict(unquote(value) if value[:1] == "%" else value) if found["json"] else None
        if value and position - start >= MIN_VALUE:
            yield value


def _strict(source: str) -> Any:
    try:
        return orjson.loads(source)
    except orjson.JSONDecodeError:
        return None


def describing(values: Sequence[Any], titles: str, fields: frozenset[str]) -> State:
    """The object that is named in the page's titles and has most of the fields; empty where none has two of them."""
    known = titles.casefold()
    best: State = {}
    best_score = 1
    for node in _objects(values):
        score = len(fields & node.keys())
        if score > best_score and any(_is_in(node.get(name), known) for name in _NAMES):
            best, best_score = node, score
    return best


def _is_in(name: Any, titles: str) -> bool:
    return isinstance(name, str) and len(name) >= MIN_NAME and unmarked(name).casefold() in titles


def _objects(values: Sequence[Any]) -> Iterator[State]:
    queue = deque(values)
    seen = 0
    while queue and seen < MAX_OBJECTS:
        value = queue.popleft()
        if isinstance(value, dict):
            seen += 1
            yield value
            queue.extend(inner for inner in value.values() if isinstance(inner, dict | list))
        elif isinstance(value, list):
            queue.extend(inner for inner in value[:MAX_OBJECTS] if isinstance(inner, dict | list))
