"""Object literals of JavaScript, and functions that return one, as the plain values that they stand for."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

# A string that never ends ends with the source: it is looked for once.
_TOKEN = re.compile(
    r'"(?:[^"\\]+|\\.)*+"?'
    r"|(?P<key>[A-Za-z_$][\w$]*|\d+)(?=\s{0,9}:)"
    r"|new Date\((?P<date>[^()]{0,40})\)"
    r"|(?P<void>void 0)"
    r"|(?P<word>[A-Za-z_$][\w$]*)"
    r"|\d[\d.]*(?:[eE][+-]?\d+)?"
    r"|(?P<fraction>\.\d+)",
    re.DOTALL,
)
_LITERALS = frozenset({"true", "false", "null"})
# Nuxt 2 writes its state so: values that occur several times are parameters.
NUXT_STATE = "__NUXT__"
_STATE = re.compile(
    r"__NUXT__\s{0,3}=\s{0,3}"
    r"(?:\(function\s?\((?P<names>[\w$,\s]{0,50000})\)\s{0,9}\{\s{0,9}return\s{0,9})?(?=\{)"
)
_CALL = "}("


def assigned_state(source: str) -> Any:
    """The state that a script of Nuxt 2 assigns: `window.__NUXT__=(function(a){return {x:a}}(1))`; None without one."""
    found = _STATE.search(source)
    if found is None:
        return None
    if found["names"] is None:
        return _value(source[found.end() :].rstrip().rstrip(";"), {})
    body, called, given = source[found.end() :].rpartition(_CALL)
    arguments = _value(f"[{given.rstrip().rstrip(';)')}]", {}) if called else None
    if not isinstance(arguments, list):
        return None
    names = (name.strip() for name in found["names"].split(","))
    body = body.rstrip("; \n")
    return _value(body, {name: orjson.dumps(value).decode() for name, value in zip(names, arguments, strict=False)})


def _value(literal: str, known: Mapping[str, str]) -> Any:
    """The value of a literal, in which the known names stand for values in JSON, and others for nothing."""

    def strict(token: re.Match[str]) -> str:
        kind = token.lastgroup
        if kind is None:
            return token[0]
        if kind == "key":
            return f'"{token[0]}"'
        if kind == "word":
            return token[0] if token[0] in _LITERALS else known.get(token[0], "null")
        return {"date": token["date"] or "null", "void": "null", "fraction": f"0{token[0]}"}[kind]

    try:
        return orjson.loads(_TOKEN.sub(strict, literal))
    except orjson.JSONDecodeError:
        return None
