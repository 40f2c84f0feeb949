"""markdown: the body in GitHub's flavour."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from alterlab_server.extract.flow.escape import destination, escape_line_starts
from alterlab_server.extract.flow.inline import image_markdown
from alterlab_server.extract.flow.model import (
    Block,
    Code,
    Definitions,
    Details,
    Footnote,
    Heading,
    Image,
    List,
    Math,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from alterlab_server.extract.formats.inputs import Content

# Dashes behind the bullet of a list would be read as one rule with it, and below a paragraph as its underline.
_RULE_IN_LIST = "___"
_DELIMITER_ROWS = {"left": ":---", "right": "---:", "center": ":---:", "": "---"}


def render(content: Content) -> str:
    """The body as markdown, links and images absolute."""
    return write(content.flow)


def write(blocks: Sequence[Block]) -> str:
    """Blocks as markdown, a blank line between them."""
    return "\n\n".join(filter(None, write_parts(blocks)))


def write_parts(blocks: Sequence[Block]) -> list[str]:
    """The markdown of each block."""
    written: list[str] = []
    odd = False
    before: Block | None = None
    for block in blocks:
        if isinstance(block, List):
            # Two lists of a kind in a row would be read as one: the second gets other bullets.
            odd = isinstance(before, List) and (before.start is None) == (block.start is None) and not odd
            written.append(_items(block, "* " if odd else "- ", ")" if odd else "."))
        else:
            odd = False
            written.append(_block(block))
        before = block
    return written


def _block(block: Block) -> str:
    return _WRITERS[type(block)](block)


def _paragraph(block: Paragraph) -> str:
    return escape_line_starts(block.content.markdown)


def _heading(block: Heading) -> str:
    return f"{'#' * block.level} {_closed(block.content.markdown)}"


def _image(block: Image) -> str:
    image = image_markdown(block.url, block.alt, block.title)
    return f"[{image}]({destination(block.link)})" if block.link else image


def _quote(block: Quote) -> str:
    return _indented(write(block.blocks), "> ", "> ")


def _details(block: Details) -> str:
    return "\n\n".join([part for part in (_strong(block.summary.markdown), write(block.blocks)) if part])


def _footnote(block: Footnote) -> str:
    return f"[^{block.label}]: " + _indented(write(block.blocks), "", "    ")


def _math(block: Math) -> str:
    return f"$$\n{block.tex}\n$$"


def _rule(_: Rule) -> str:
    return "---"


def _list(block: List) -> str:
    return _items(block, "- ", ".")


def _items(block: List, bullet: str, behind_number: str) -> str:
    items: list[str] = []
    for item in block.items:
        marker = bullet if item.number is None else f"{item.number}{behind_number} "
        task = "" if item.checked is None else "[x] " if item.checked else "[ ] "
        body = write(item.blocks) if block.loose else _tight(item.blocks)
        items.append(marker + _indented(task + body, "", " " * len(marker)) if body or task else marker.rstrip())
    return ("\n\n" if block.loose else "\n").join(items)


def _tight(blocks: Sequence[Block]) -> str:
    """An item of a tight list: a blank line in it would make the list a loose one, so only what needs one gets it."""
    text = ""
    before: Block | None = None
    for block in blocks:
        part = _RULE_IN_LIST if isinstance(block, Rule) else _block(block)
        text += ("\n" if before is not None and _follows(before, block) else "\n\n" if text else "") + part
        before = block
    return text


def _follows(before: Block, block: Block) -> bool:
    """Whether a block can begin in the line below another (CommonMark 4 and 5)."""
    if isinstance(block, List):
        # A list that starts with another number than 1 cannot interrupt a paragraph.
        return (block.start is None or block.start == 1) and isinstance(before, Paragraph)
    if isinstance(block, Quote):
        return not isinstance(before, Quote | Table)
    if isinstance(block, Heading | Code | Rule):
        return not isinstance(before, Table)
    return isinstance(before, Heading | Code | Rule)


def _indented(text: str, first: str, rest: str) -> str:
    if "\n" not in text:
        return first + text
    begin, *lines = text.split("\n")
    blank = rest.rstrip()
    return "\n".join([first + begin, *[rest + line if line else blank for line in lines]])


def _code(block: Code) -> str:
    longest = 0
    if "```" in block.text:
        lines = [line.lstrip() for line in block.text.split("\n")]
        longest = max([len(line) - len(line.lstrip("`")) for line in lines])
    fence = "`" * max(3, longest + 1)
    return f"{fence}{block.language}\n{block.text}\n{fence}"


def _table(block: Table) -> str:
    rows = [_row([cell.markdown for cell in block.header]), _row([_DELIMITER_ROWS[a] for a in block.alignments])]
    rows += [_row([cell.markdown for cell in row]) for row in block.rows]
    caption = f"{_strong(block.caption.markdown)}\n\n" if block.caption else ""
    return caption + "\n".join(rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join([cell.replace("|", "\\|").replace("\n", " ") for cell in cells]) + " |"


def _definitions(block: Definitions) -> str:
    entries = []
    for entry in block.entries:
        lines = [term.markdown for term in entry.terms if term.markdown]
        lines += [": " + _indented(write(meaning), "", "  ") for meaning in entry.meanings if meaning]
        entries.append("\n".join(lines))
    return "\n\n".join([entry for entry in entries if entry])


def _strong(markdown: str) -> str:
    return f"**{markdown}**" if markdown and "**" not in markdown else markdown


def _closed(markdown: str) -> str:
    """A heading's text, its last `#` escaped where it would be read as a closing sequence."""
    body = markdown.rstrip("#")
    if body != markdown and (not body or body.endswith(" ")):
        return body + "\\" + markdown[len(body) :]
    return markdown


_WRITERS: Mapping[type[Block], Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Heading: _heading,
    Code: _code,
    Table: _table,
    Image: _image,
    Quote: _quote,
    List: _list,
    Definitions: _definitions,
    Details: _details,
    Footnote: _footnote,
    Math: _math,
    Rule: _rule,
}
