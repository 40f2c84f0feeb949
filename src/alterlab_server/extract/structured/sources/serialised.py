"""Embedded state as frameworks write it, in forms of their own, as the plain values that it stands for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

MAX_DEPTH = 40
# Values of one state that are put together; what lies behind stays out.
MAX_VALUES = 20_000
MAX_ROWS = 500
# How a list of Nuxt's begins that stands for the value behind it.
_REACTIVE = (["Reactive"], ["ShallowReactive"], ["Ref"], ["ShallowRef"])
# How Astro tags a value that is one, and a list of tagged ones.
_PLAIN, _LIST = 0, 1


def plain_state(value: Any) -> Any:
    """A value in its own form: Nuxt's table of values, Apollo's cache of entities; any other as it is."""
    if isinstance(value, list) and value and isinstance(value[0], list) and value[0][:1] in _REACTIVE:
        return _Table(value).value(1, 0)
    if isinstance(value, Mapping):
        return _with_entities(value)
    return value


class _Table:
    """Nuxt's payload: a list of values, in which those of an object or list stand as their places in it."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values
        self._left = MAX_VALUES

    def value(self, place: Any, depth: int) -> Any:
        self._left -= 1  # what is no value counts as well: a list may hold itself, thousands of times
        if self._left < 0 or not isinstance(place, int) or not 0 <= place < len(self._values) or depth > MAX_DEPTH:
            return None
        value = self._values[place]
        if isinstance(value, Mapping):
            return {key: self.value(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, list):
            tagged = len(value) == 2 and isinstance(value[0], str)
            return self.value(value[1], depth + 1) if tagged else [self.value(inner, depth + 1) for inner in value]
        return value


def _with_entities(state: Mapping[str, Any]) -> Mapping[str, Any]:
    """Apollo's cache with what its entities refer to in the place of each reference."""
    found: dict[str, Any] = {}
    for key, entity in state.items():
        named = isinstance(entity, Mapping) and "__typename" in entity
        found[key] = {name: _referred(value, state) for name, value in entity.items()} if named else entity
    return found


def _referred(value: Any, state: Mapping[str, Any]) -> Any:
    reference = value.get("__ref") if isinstance(value, Mapping) else None
    return state.get(reference, value) if isinstance(reference, str) else value


def untagged(value: Any, depth: int = 0) -> Any:
    """The properties of an island of Astro, whose values are pairs of a tag and the value."""
    if isinstance(value, Mapping) and depth <= MAX_DEPTH:
        return {key: untagged(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list) and len(value) == 2 and depth <= MAX_DEPTH:
        tag, inner = value
        if tag == _LIST and isinstance(inner, list):
            return [untagged(item, depth + 1) for item in inner]
        return untagged(inner, depth + 1) if tag == _PLAIN else inner
    return value


def flight_values(pushed: Iterable[Any]) -> Iterator[Any]:
    """The values in the rows (`5:[…]`) that Next.js pushes in pieces, `[1, "piece"]`."""
    pieces = [value[1] for value in pushed if _is_piece(value)]
    for row in "".join(pieces).split("\n")[:MAX_ROWS]:
        _, _, written = row.partition(":")
        if written[:1] in ("[", "{"):
            try:
                yield orjson.loads(written)
            except orjson.JSONDecodeError:
                continue


def _is_piece(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and value[0] == 1 and isinstance(value[1], str)
