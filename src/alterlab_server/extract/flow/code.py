"""Code blocks and their language."""

import re

from turbohtml import Element, Text

from alterlab_server.extract.flow.model import Code

_LANGUAGE = re.compile(r"(?:^|\s)(?:(?:language|lang|highlight-source|highlight)-|brush:\s*|sourceCode\s+)([\w+#.-]+)")
_NAMED_FIGURE = re.compile(r"highlight ([a-z][a-z0-9+#]*)")
# Class names of highlighters that follow the same pattern but name no language.
_NO_LANGUAGE = {"plaintext", "none", "text", "default", "notranslate", "wrapper", "container", "block", "code"}
_LINE_TAGS = frozenset({"div", "p", "li", "tr"})
_BREAKING = ",".join(("br", *sorted(_LINE_TAGS)))


def read_code(element: Element) -> Code | None:
    """The text of a `<pre>` with its language; None for an empty one."""
    text = _text(element).replace("\xa0", " ").removeprefix("\n")
    end = len(text.rstrip())
    text = text[:end] + text[end:].partition("\n")[0]  # blank lines at the end go, spaces of the last line stay
    return Code(text, language_of(element)) if text.strip() else None


def language_of(element: Element) -> str:
    """The language that an element, its `<code>` or what encloses it is marked with; empty for none."""
    marked = [element, *element.iter_elements("code")][:2]
    parent = element.parent
    while isinstance(parent, Element) and len(marked) < 5:
        marked.append(parent)
        parent = parent.parent
    for candidate in marked:
        if stated := candidate.attr("data-lang") or candidate.attr("data-language"):
            return stated.lower()
        names = candidate.attr("class") or ""
        if candidate.tag == "figure" and (named := _NAMED_FIGURE.fullmatch(names)):
            return named[1]
        for found in _LANGUAGE.finditer(names):
            if found[1].lower() not in _NO_LANGUAGE:
                return found[1]
    return ""


def has_own_lines(element: Element) -> bool:
    """Whether elements break the lines of some code."""
    return element.select_one(_BREAKING) is not None


def _text(element: Element) -> str:
    """The text of code; where a highlighter put lines into elements of their own, these end it as line breaks do."""
    if not has_own_lines(element):
        return element.text
    said: list[str] = []
    _say(element, said)
    return "".join(said)


def _say(element: Element, said: list[str]) -> None:
    nodes = element.children
    in_lines = any(isinstance(node, Element) and node.tag in _LINE_TAGS for node in nodes)
    for node in nodes:
        if isinstance(node, Text):
            if not (in_lines and node.data.isspace()):
                said.append(node.data)
        elif isinstance(node, Element):
            if node.tag not in _LINE_TAGS:
                said.append("\n") if node.tag == "br" else _say(node, said)
                continue
            if said and not said[-1].endswith("\n"):
                said.append("\n")
            before = len(said)
            _say(node, said)
            if len(said) == before or not said[-1].endswith("\n"):
                said.append("\n")
