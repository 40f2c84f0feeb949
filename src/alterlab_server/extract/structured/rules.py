"""How a field gets its one value: a rule names where each source keeps it, and the first source that has it wins."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.graph import Graph, Node, as_list
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.sources.state import describing

# A program's empty shell has a title and perhaps a description, an address and a picture.
MAX_WITHOUT_STATE = 4

Read = Callable[[Sequence[Any], Page], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One field of an answer.

    `read` turns the raw values of a place into the field's value, None or empty when they are of no use. The sources
    are asked in this order: `schema`, dotted paths from the page's main node; `meta`, names of `<meta>`; `visible`,
    which reads the page itself; `state`, property names of embedded state, which programs keep in units of their own.
    With `shown_first` what the page shows goes before what it declares.
    """

    name: str
    read: Read
    schema: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    visible: Callable[[Page], Found | None] | None = None
    state: tuple[str, ...] = ()
    shown_first: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The node that describes what the page is about, in one syntax."""

    graph: Graph
    node: Node


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of page: the schema.org types that declare it (lower case), and the fields of its answer.

    `type` is the answer's `@type`. `recognise` says whether a page without such a declaration is of this kind;
    `derive` gives further fields that follow from those that were found.
    """

    name: str
    type: str
    schema_types: frozenset[str]
    rules: tuple[Rule, ...]
    recognise: Callable[[Page], bool] | None = None
    derive: Callable[[Mapping[str, Found], Page], dict[str, Found]] | None = None


def fill(rules: Sequence[Rule], page: Page, subjects: Sequence[Subject]) -> dict[str, Found]:
    """The fields that some source has, by name, in the order of the rules."""
    fields: dict[str, Found] = {}
    for rule in rules:
        found = _first(rule, page, subjects)
        if found is not None:
            fields[rule.name] = found
    return fields if subjects else _with_state(fields, rules, page)


def read_profile(profile: Profile, page: Page, subjects: Sequence[Subject]) -> dict[str, Found]:
    """The fields of a profile's answer: those that some source has, and those that follow from them."""
    fields = fill(profile.rules, page, subjects)
    return fields | profile.derive(fields, page) if profile.derive else fields


def _first(rule: Rule, page: Page, subjects: Sequence[Subject]) -> Found | None:
    if rule.visible is None:
        return _declared(rule, page, subjects)
    if rule.shown_first:
        return rule.visible(page) or _declared(rule, page, subjects)
    return _declared(rule, page, subjects) or rule.visible(page)


def _declared(rule: Rule, page: Page, subjects: Sequence[Subject]) -> Found | None:
    for subject in subjects:
        for path in rule.schema:
            found = _read(rule, subject.graph.values(subject.node, path), page, subject.graph.source)
            if found:
                return found
    for name in rule.meta:
        found = _read(rule, page.document.meta.get(name, ()), page, "meta")
        if found:
            return found
    return None


def _with_state(fields: dict[str, Found], rules: Sequence[Rule], page: Page) -> dict[str, Found]:
    """The fields completed from embedded state, the costliest source: of a page that says nearly nothing without it."""
    missing = [rule for rule in rules if rule.state and rule.name not in fields]
    if not missing or len(fields) > MAX_WITHOUT_STATE:
        return fields
    names = frozenset(name for rule in rules for name in rule.state)
    node = describing(page.state, f"{page.titles} | {page.heading or ''}", names)
    for rule in missing:
        found = next((f for name in rule.state if (f := _read(rule, as_list(node.get(name)), page, "state"))), None)
        if found:
            fields[rule.name] = found
    return {rule.name: fields[rule.name] for rule in rules if rule.name in fields}


def _read(rule: Rule, values: Sequence[Any], page: Page, source: str) -> Found | None:
    if not values:
        return None
    value = rule.read(values, page)
    return None if is_empty(value) else Found(value, source, values[0])


def is_empty(value: Any) -> bool:
    """Whether a value says nothing; zero and False do say something."""
    return value is None or value in ("", [], {})


def first(read: Callable[[Any], Any]) -> Read:
    """A reader that gives the first value that `read` accepts."""
    return lambda values, _: next((v for raw in values if not is_empty(v := read(raw))), None)


def first_in(read: Callable[[Any, Page], Any]) -> Read:
    """As `first`, for a `read` that also looks at the page."""
    return lambda values, page: next((v for raw in values if not is_empty(v := read(raw, page))), None)


def each(read: Callable[[Any], Any]) -> Read:
    """A reader that gives the list of what `read` makes of each value."""
    return lambda values, _: [v for raw in values if not is_empty(v := read(raw))]


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that say something."""
    return {key: value for key, value in values.items() if not is_empty(value)}
