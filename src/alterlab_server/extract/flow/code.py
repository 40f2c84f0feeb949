"""Code blocks and their language."""

import re

from turbohtml import Element

from alterlab_server.extract.flow.model import Code

_LANGUAGE = re.compile(r"(?:^|\s)(?:(?:language|lang|highlight-source|highlight)-|brush:\s*|sourceCode\s+)([\w+#.-]+)")
# Class names of highlighters that follow the same pattern but name no language.
_NO_LANGUAGE = {"plaintext", "none", "text", "default", "notranslate", "wrapper", "container", "block", "code"}
_GUTTER = "td.gutter,td.linenos,.linenodiv,.gutter,.line-numbers-rows,.lineno,.linenos,.hljs-ln-numbers"
_LINE_TAGS = frozenset({"div", "p", "li", "tr"})


def read_code(element: Element) -> Code | None:
    """The text of a `<pre>` with its language; None for an empty one."""
    text = "\n".join(_lines(element)) if element.find(list(_LINE_TAGS)) else _text(element)
    text = text.removeprefix("\n")
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
        if named := candidate.attr("data-lang") or candidate.attr("data-language"):
            return named.lower()
        for found in _LANGUAGE.finditer(candidate.attr("class") or ""):
            if found[1].lower() not in _NO_LANGUAGE:
                return found[1]
    return ""


def is_code_table(table: Element) -> bool:
    """Whether a table only sets line numbers beside code."""
    return table.find("pre") is not None and table.select_one(_GUTTER) is not None


def code_of_table(table: Element) -> Element | None:
    """The `<pre>` of a code table that is not its line numbers."""
    return next((pre for pre in table.iter_elements("pre") if pre.closest(_GUTTER) is None), None)


def _text(element: Element) -> str:
    breaks = element.find("br")
    if breaks is None:
        return element.text
    return "".join(
        "\n" if getattr(node, "tag", "") == "br" else getattr(node, "data", "") for node in element.descendants
    )


def _lines(element: Element) -> list[str]:
    """The lines of a block whose highlighter put each into an element of its own."""
    rows = [row for row in element.iter_elements(tuple(_LINE_TAGS)) if row.find(list(_LINE_TAGS)) is None]
    gutters = {node for row in rows for node in row.select(_GUTTER)}
    lines = []
    for row in rows:
        hidden = [gutter for gutter in gutters if gutter.closest(row.tag) == row]
        text = row.text
        for gutter in hidden:
            text = text.removeprefix(gutter.text)
        lines.append(text.strip("\n"))
    return lines
