"""JSON as pages really contain it.

Strict JSON (RFC 8259) takes the fast way. What fails is read by a forgiving parser: comments, CDATA and HTML comment
wrappers, trailing or missing commas, several roots, bare line breaks and quotes inside strings, single quotes, unquoted
keys, JavaScript's literals, and an end that never comes. It runs in linear time and goes no deeper than MAX_DEPTH.
"""

import html
import json
import re
from typing import Any

import orjson

MAX_DEPTH = 100
# No page needs more to describe itself; hostile ones stop costing time here.
MAX_SOURCE = 1_000_000

_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_LONE_SURROGATE = re.compile(rf"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}")
_GAP = re.compile(r"(?:\s|[;\ufeff]|<!--|-->|<!\[CDATA\[|\]\]>)*")
_COMMENTS = (("//", "\n"), ("/*", "*/"))
_WORD = re.compile(r"[^\s,:{}\[\]\"'()]*")
_STRING_PART = {quote: re.compile(rf"[^\\{quote}]*") for quote in "\"'`"}
# A quote ends its string when what follows could follow a value or a key; else it was meant as part of the text.
_AFTER_STRING = re.compile(r"\s*(?:$|[:\]};)]|//|/\*|,\s*(?:$|[\"'\[{}\]\d/-]|(?:true|false|null)\b|[\w$]{1,60}\s*:))")
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?")
_MAX_DIGITS = 20
_LITERALS = {"true": True, "!0": True, "false": False, "!1": False}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}
_HEX_DIGITS = {"u": 4, "x": 2}


def loads_all(source: str) -> list[Any]:
    """Every JSON object or array of the source, one after another; what cannot be read is left out."""
    source = source[:MAX_SOURCE]
    try:
        return [orjson.loads(source)]
    except orjson.JSONDecodeError:
        pass
    source = without_lone_surrogates(source)
    try:
        return [json.loads(source, strict=False, parse_int=_whole)]
    except (ValueError, RecursionError):
        pass
    if "&quot;" in source and '"' not in source:
        source = html.unescape(source)
    return _Parser(source).roots()


def _whole(digits: str) -> int | float:
    """A whole number; as a float beyond 64 bits, as orjson reads it, for it could not be written again."""
    value = int(digits) if len(digits) <= _MAX_DIGITS else None
    return value if value is not None and -(2**63) <= value < 2**64 else float(digits)


_DECODER = json.JSONDecoder(strict=False, parse_int=_whole)


def without_lone_surrogates(source: str) -> str:
    """The source with U+FFFD for each escaped half of a surrogate pair that stands alone: it is no text (RFC 8259)."""
    return _LONE_SURROGATE.sub(r"\\ufffd", source) if "\\ud" in source or "\\uD" in source else source


def loads_at(source: str, start: int, lenient: int) -> tuple[Any, int]:
    """The value that begins at `start`, such as the right side of an assignment in a script, and where it ends.

    What is no strict JSON is read forgivingly, as far as `lenient` characters: a script's code may look like it.
    """
    try:
        return _DECODER.raw_decode(source, start)
    except (ValueError, RecursionError):
        parser = _Parser(source[start : start + lenient])
        return parser.value(0), start + min(parser.pos, lenient)


class _Parser:
    """One forgiving pass over a source; `pos` only moves forward."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pos = 0

    def roots(self) -> list[Any]:
        found = []
        while start := self.peek():
            if start in "{[":
                found.append(self.value(0))
            else:
                self.pos += 1
        return found

    def peek(self) -> str:
        """The next character that means something, behind white space and comments; empty at the end."""
        while True:
            gap = _GAP.match(self.source, self.pos)
            self.pos = gap.end() if gap else self.pos
            closing = next((end for start, end in _COMMENTS if self.source.startswith(start, self.pos)), None)
            if closing is None:
                return self.source[self.pos : self.pos + 1]
            end = self.source.find(closing, self.pos + 2)
            self.pos = end + len(closing) if end >= 0 else len(self.source)

    def value(self, depth: int) -> Any:
        start = self.peek()
        if depth >= MAX_DEPTH:
            self.pos = len(self.source)
            return None
        if start == "{":
            return self.object(depth + 1)
        if start == "[":
            return self.array(depth + 1)
        return self.string(start) if start and start in _STRING_PART else self.bare()

    def object(self, depth: int) -> dict[str, Any]:
        self.pos += 1
        found: dict[str, Any] = {}
        while (start := self.peek()) and start != "}":
            if start in ",:])(":
                self.pos += 1
                continue
            key = self.string(start) if start in _STRING_PART else self.word()
            if self.peek() == ":":
                self.pos += 1
                found[key] = self.value(depth)
        self.pos += 1
        return found

    def array(self, depth: int) -> list[Any]:
        self.pos += 1
        found = []
        while (start := self.peek()) and start != "]":
            if start in ",:})(":
                self.pos += 1
            else:
                found.append(self.value(depth))
        self.pos += 1
        return found

    def word(self) -> str:
        """An unquoted key or literal; at least one character is taken."""
        match = _WORD.match(self.source, self.pos)
        end = max(match.end() if match else 0, self.pos + 1)
        found = self.source[self.pos : end]
        self.pos = end
        return found

    def bare(self) -> Any:
        """A number or a literal; None for `null`, `undefined` and whatever else a script may say."""
        start = self.peek()
        if not start or start in ",:}])":
            return None
        word = self.word()
        number = _NUMBER.fullmatch(word)
        if number:
            return float(word) if set(word) & set(".eE") else _whole(word)
        return _LITERALS.get(word)

    def string(self, quote: str) -> str:
        parts: list[str] = []
        self.pos += 1
        while self.pos < len(self.source):
            part = _STRING_PART[quote].match(self.source, self.pos)
            self.pos = part.end() if part else self.pos
            parts.append(part[0] if part else "")
            if self.source.startswith("\\", self.pos):
                parts.append(self.escape())
                continue
            self.pos += 1
            if _AFTER_STRING.match(self.source, self.pos):
                break
            parts.append(quote)
        return "".join(parts)

    def escape(self) -> str:
        """The character of a backslash sequence; half a surrogate pair becomes U+FFFD."""
        sign = self.source[self.pos + 1 : self.pos + 2]
        self.pos += 2
        if digits := _HEX_DIGITS.get(sign):
            code = self.source[self.pos : self.pos + digits]
            try:
                char = chr(int(code, 16))
            except ValueError:
                return sign
            self.pos += digits
            return self._with_low_half(char) if "\ud800" <= char <= "\udbff" else char
        return _ESCAPES.get(sign, sign)

    def _with_low_half(self, high: str) -> str:
        low = self.source[self.pos : self.pos + 6]
        pair = f"\\u{ord(high):04x}{low}"
        try:
            char = json.loads(f'"{pair}"')
        except ValueError:
            return "\ufffd"
        if len(char) != 1:
            return "\ufffd"
        self.pos += 6
        return str(char)
