"""Code blocks and their language."""

import re

from turbohtml import Element, Node, Text

from alterlab_server.extract.flow.model import Code

_LANGUAGE = re.compile(r"(?:^|\s)(?:(?:language|lang|highlight-source|highlight)-|brush:\s*|sourceCode\s+)([\w+#.-]+)")
_NAMED_FIGURE = re.compile(r"highlight ([a-z][a-z0-9+#]*)")
# Class names of highlighters that follow the same pattern but name no language.
_NO_LANGUAGE = {"plaintext", "none", "text", "default", "notranslate", "wrapper", "container", "block", "code"}
_LINE_TAGS = frozenset({"div", "p", "li", "tr"})
# In a block these are the same in several languages, of which a script shows one at a time.
_VARIANTS = "pre > code[class] + code[class]"
_BREAKING = ",".join(("br", _VARIANTS, *sorted(_LINE_TAGS)))


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
    # The space between the elements of lines sets out the markup; beside other code it is some of the code.
    in_lines = any(map(_is_line, nodes)) and all(_is_line(node) or _is_blank(node) for node in nodes)
    before: Node | None = None
    ended = False  # whether the element before ended a line that its text did not end
    for node in nodes:
        if isinstance(node, Text):
            data = node.data.removeprefix("\n") if ended else node.data
            if data and not (in_lines and data.isspace()):
                said.append(data)
            ended = False
        elif isinstance(node, Element):
            if _is_line(node) or (element.tag == "pre" and _is_variant(node) and _is_variant(before)):
                _break(said)
            ended = _say_element(node, said)
        before = node


def _say_element(element: Element, said: list[str]) -> bool:
    """Say what an element in code says; whether it ended a line that its text did not end."""
    if element.tag == "br":
        said.append("\n")
        return False
    before = len(said)
    _say(element, said)
    if not _is_line(element):
        return False
    if len(said) == before:
        said.append("\n")
        return False
    return _break(said)


def _break(said: list[str]) -> bool:
    """End the line where it is none yet; whether it was."""
    if not said or said[-1].endswith("\n"):
        return False
    said.append("\n")
    return True


def _is_line(node: Node) -> bool:
    return isinstance(node, Element) and node.tag in _LINE_TAGS


def _is_variant(node: Node | None) -> bool:
    return isinstance(node, Element) and node.tag == "code" and node.attr("class") is not None


def _is_blank(node: Node) -> bool:
    return not isinstance(node, Element) and not (isinstance(node, Text) and not node.data.isspace())
