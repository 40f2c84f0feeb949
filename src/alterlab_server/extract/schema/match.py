"""Which value of an extraction a schema's property means."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from alterlab_server.extract.schema.aliases import ALIASES, folded

# A nested search looks at this many objects at most.
MAX_SEARCHED = 2_000

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def candidates(name: str, description: str, source: Mapping[str, Any]) -> Iterator[Any]:
    """The values that a property may mean, the likeliest first.

    By its exact name, then in any writing, by its aliases, by the same in nested objects, and last by the field whose
    words its description holds.
    """
    if name in source:
        yield source[name]
    yield from _by_name(name, source)
    for nested in _nested(source):
        yield from _by_name(name, nested)
    yield from _by_description(description, source)


def _by_name(name: str, source: Mapping[str, Any]) -> Iterator[Any]:
    keys = {folded(key): key for key in reversed(list(source))}
    wanted = folded(name)
    if wanted in keys:
        yield source[keys[wanted]]
    for alias in ALIASES.get(wanted, ()):
        bare = alias.removesuffix("[0]")
        if bare not in keys:
            continue
        value = source[keys[bare]]
        if bare != alias:
            value = value[0] if isinstance(value, list) and value else None
        yield value


def _nested(source: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The objects below a source, the nearest first; those in lists are of many things and not searched."""
    queue = deque(value for value in source.values() if isinstance(value, Mapping))
    for _ in range(MAX_SEARCHED):
        if not queue:
            return
        nearest = queue.popleft()
        yield nearest
        queue.extend(value for value in nearest.values() if isinstance(value, Mapping))


def _by_description(description: str, source: Mapping[str, Any]) -> Iterator[Any]:
    said = {word.lower() for word in _WORD.findall(description[:1_000])}
    matching = [key for key in source if said.issuperset(words := _words(key)) and words]
    for key in sorted(matching, key=len, reverse=True):
        yield source[key]


def _words(key: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(_CAMEL.sub(" ", key))}
