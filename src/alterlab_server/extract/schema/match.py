"""Which value of an extraction a schema's property means."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from alterlab_server.extract.schema.aliases import ALIASES, folded

# A nested search looks at this many objects at most, and a body of JSON may have any number of fields.
MAX_SEARCHED, MAX_FIELDS = 2_000, 2_000

_WORD = re.compile(r"[^\W_]+")
# Words before the name of a field that leave its meaning, what may own a field, and what stands before an owner.
_THINGS = frozenset("product item article page recipe event job posting book listing thing post story company".split())
_ARTICLES = frozenset({"a", "an", "the", "this", "its"})
_NEUTRAL = _THINGS | _ARTICLES | frozenset("s of is as in and or for with current main full numeric exact".split())
MAX_KEY, MAX_PATTERN = 64, 100
# Repeated groups may take exponential time, and more than two repetitions that of their number's power.
_COSTLY = re.compile(r"\)[*+?{]|\\\d|\(\?|(?:[*+?{].*){3}", re.DOTALL)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def candidates(name: str, description: str, source: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values that a property may mean, the likeliest first, each with the field of the source that holds it.

    By its exact name, then in any writing, by its aliases, by the same in nested objects, and last by the field that
    its description speaks of.
    """
    if name in source:
        yield name, source[name]
    yield from _by_name(name, source)
    for field, nested in _nested(source):
        yield from ((field, value) for _, value in _by_name(name, nested))
    yield from _by_description(description, source)


def _by_name(name: str, source: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    keys = {folded(key): key for key in reversed(list(islice(source, MAX_FIELDS)))}
    wanted = folded(name)
    if wanted in keys:
        yield keys[wanted], source[keys[wanted]]
    for alias in ALIASES.get(wanted, ()):
        bare = alias.removesuffix("[0]")
        if bare not in keys:
            continue
        value = source[keys[bare]]
        if bare != alias:
            value = value[0] if isinstance(value, list) and value else None
        yield keys[bare], value


def _nested(source: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects below a source, the nearest first; those in lists are of many things and not searched."""
    queue = deque((field, value) for field, value in source.items() if isinstance(value, Mapping))
    seen = 0
    for _ in range(MAX_SEARCHED):
        if not queue or seen > MAX_FIELDS:
            return
        field, nearest = queue.popleft()
        seen += len(nearest)
        yield field, nearest
        queue.extend((field, value) for value in nearest.values() if isinstance(value, Mapping))


def _by_description(description: str, source: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields that a description speaks of: "the price of the product", but not "the price of shipping"."""
    said = [word.lower() for word in _WORD.findall(description[:1_000])]
    if not said:
        return
    known = {key: _words(key) for key in islice(source, MAX_FIELDS)}
    owners = _THINGS.union(*known.values())
    places = {
        key: place for key, words in known.items() if words and (place := _place(words, said, owners)) is not None
    }
    for key in sorted(places, key=lambda key: (places[key], -len(key))):
        yield key, source[key]


def _place(key: Sequence[str], said: Sequence[str], owners: frozenset[str]) -> int | None:
    """Where in a description the name of a field stands for the field; None where it does not."""
    for start in range(len(said) - len(key) + 1):
        before, behind = said[:start], said[start + len(key) :]
        if said[start : start + len(key)] == key and (not before or before[-1] in _NEUTRAL):
            owner = next((word for word in behind[1:] if word not in _ARTICLES), "") if behind[:1] == ["of"] else ""
            return start if not owner or owner in owners else None
    return None


def _words(key: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", key))]


def is_named(key: str, pattern: str) -> bool:
    """Whether a field's name is one that a pattern (ECMA 262) speaks of; one too costly to follow speaks of any."""
    if not pattern or len(key) > MAX_KEY or len(pattern) > MAX_PATTERN or _COSTLY.search(pattern):
        return True
    try:
        return re.search(pattern, key) is not None
    except (re.error, RecursionError, OverflowError):
        return True
