"""Text of a raw value."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

import turbohtml

# Longer values are cut: no field of an answer needs more, and every later pass over a value stays bounded.
MAX_TEXT = 50_000

_TAG = re.compile(r"<[^<>]*>")
# They stand within a word as well as around it.
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|code|em|font|i|mark|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>", re.IGNORECASE
)
_LINE_BREAK = re.compile(r"</?(?:br|p|li|div)\b[^<>]*>", re.IGNORECASE)
# What a template or a script leaves where it had no value.
_UNFILLED = re.compile(r"\$\w{3,}|\{\{[^{}]*\}\}|\$\{[^{}]*\}|undefined|null|none|nan|n/a", re.IGNORECASE)
_UNFILLED_SIGNS = frozenset("${uUnN")
_NAMING_KEYS = ("@value", "name", "text", "headline", "title", "value", "@id")


def squeeze(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text[:MAX_TEXT].replace("\u200b", "").split())


def unmarked(text: str) -> str:
    """Text without tags and entities, also where they were escaped twice; white space squeezed."""
    if "&" in text:
        text = html.unescape(html.unescape(text[:MAX_TEXT]))
    if "<" in text:
        text = _TAG.sub(" ", _INLINE_TAG.sub("", text[:MAX_TEXT]))
    return squeeze(text)


def element_text(element: turbohtml.Element) -> str:
    """What a reader sees of an element, as one line."""
    return squeeze(element.to_text() if element.tag in ("div", "section", "td", "p", "li", "body") else element.text)


def plain(value: Any) -> str | None:
    """One line of text from a string, a number, an element, or the naming property of a node; None when empty."""
    if not isinstance(value, str):
        value = _named(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, turbohtml.Element):
        text = element_text(value)
    else:
        text = unmarked(value) if isinstance(value, str) else ""
    return text if text and not (text[0] in _UNFILLED_SIGNS and _UNFILLED.fullmatch(text)) else None


def _named(value: Any) -> Any:
    """What a node or a list has in place of a text; any other value as it is."""
    for _ in range(4):
        if isinstance(value, Mapping):
            value = next((value[key] for key in _NAMING_KEYS if value.get(key)), None)
        elif isinstance(value, list):
            value = value[0] if value else None
        else:
            break
    return value


def lines(value: str) -> list[str]:
    """The non-empty lines of marked-up or plain text, each as one line of plain text."""
    text = value[:MAX_TEXT]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _LINE_BREAK.sub("\n", text)
    return [line for part in text.splitlines() if (line := unmarked(part))]


def unique(values: Iterable[str]) -> list[str]:
    """The values without repeats, in their order."""
    return list(dict.fromkeys(values))
