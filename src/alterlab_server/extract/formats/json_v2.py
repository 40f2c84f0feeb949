"""json_v2: the page as a tree of sections."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from alterlab_server.base.errors import BadRequest
from alterlab_server.extract.flow.model import (
    Block,
    Code,
    Definitions,
    Details,
    Footnote,
    Heading,
    Image,
    Inline,
    Item,
    List,
    Math,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from alterlab_server.extract.formats.inputs import Content
from alterlab_server.extract.roles import body_images

BLOCK_TYPES = ("paragraph", "list", "table", "image", "code", "blockquote", "dl", "details")


@dataclass(frozen=True, slots=True)
class SectionFilter:
    """Which sections and blocks to give; the names and defaults are those of the API."""

    min_content_blocks: int = 0
    exclude_content_types: frozenset[str] = frozenset()
    content_only: bool = False


def section_filter(value: Mapping[str, Any] | None) -> SectionFilter:
    """The caller's filter. Raises BadRequest for an unknown key, a block type that does not exist, or a wrong type."""
    if not value:
        return SectionFilter()
    if unknown := set(value) - {"min_content_blocks", "exclude_content_types", "content_only"}:
        raise BadRequest(f"section_filter has no {min(unknown)!r}")
    least, excluded, only = (
        value.get("min_content_blocks", 0),
        value.get("exclude_content_types", []),
        value.get("content_only", False),
    )
    if not isinstance(least, int) or isinstance(least, bool) or least < 0:
        raise BadRequest("section_filter.min_content_blocks must be a whole number from 0")
    if not isinstance(excluded, list | tuple) or not all(kind in BLOCK_TYPES for kind in excluded):
        raise BadRequest(f"section_filter.exclude_content_types must be a list of {', '.join(BLOCK_TYPES)}")
    if not isinstance(only, bool):
        raise BadRequest("section_filter.content_only must be true or false")
    return SectionFilter(least, frozenset(excluded), only)


@dataclass(slots=True)
class _Section:
    heading: str | None
    level: int
    blocks: list[dict[str, Any]] = field(default_factory=list)
    children: "list[_Section]" = field(default_factory=list)


def render(content: Content) -> dict[str, Any]:
    """Title, sections with their blocks, and the page's tables, links and images."""
    chosen = section_filter(content.options.section_filter)
    sections = _sections(content.flow)
    return {
        "title": content.title,
        "sections": [shown for section in sections for shown in _shown(section, chosen)],
        "tables": [_table(table) for table in _tables(content.flow)],
        "links": list(content.links),
        "images": body_images(content.body, content.document),
    }


def _tables(blocks: Sequence[Block]) -> Iterator[Table]:
    """The tables among blocks and in them."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        for inner in _within(block):
            yield from _tables(inner)


def _within(block: Block) -> Sequence[Sequence[Block]]:
    match block:
        case List(items):
            return [item.blocks for item in items]
        case Quote(blocks) | Details(_, blocks) | Footnote(_, blocks):
            return [blocks]
        case Definitions(entries):
            return [meaning for entry in entries for meaning in entry.meanings]
        case _:
            return []


def _sections(blocks: Sequence[Block]) -> list[_Section]:
    root = _Section(None, 0)
    path = [root]
    for block in blocks:
        if isinstance(block, Heading):
            while len(path) > 1 and path[-1].level >= block.level:
                path.pop()
            section = _Section(_text(block.content), block.level)
            path[-1].children.append(section)
            path.append(section)
        elif not isinstance(block, Rule):
            path[-1].blocks.append(_block(block))
    return [root, *root.children] if root.blocks else root.children


def _shown(section: _Section, chosen: SectionFilter) -> list[dict[str, Any]]:
    blocks = [block for block in section.blocks if block["type"] not in chosen.exclude_content_types]
    nested = [] if section.level == 0 else section.children
    children = [shown for child in nested for shown in _shown(child, chosen)]
    if len(blocks) < chosen.min_content_blocks and not children:
        return []
    if chosen.content_only:
        return [{"blocks": blocks, "children": children}]
    return [{"heading": section.heading, "level": section.level, "blocks": blocks, "children": children}]


def _block(block: Block) -> dict[str, Any]:  # noqa: C901, PLR0911  one case a kind of block
    match block:
        case Paragraph(content):
            return {"type": "paragraph", "text": _text(content), "markdown": content.markdown}
        case List(items, start, _):
            return {"type": "list", "ordered": start is not None, "start": start, "items": [*map(_item, items)]}
        case Table():
            return {"type": "table"} | _table(block)
        case Image(url, alt, title, link):
            return {"type": "image", "url": url, "alt": alt or None, "title": title or None, "link": link}
        case Code(text, language):
            return {"type": "code", "text": text, "language": language or None}
        case Math(tex):
            return {"type": "code", "text": tex, "language": "math"}
        case Quote(blocks):
            return {"type": "blockquote", "blocks": [_block(inner) for inner in blocks]}
        case Definitions(entries):
            return {"type": "dl", "items": [_definition(entry.terms, entry.meanings) for entry in entries]}
        case Details(summary, blocks):
            return {"type": "details", "summary": _text(summary), "blocks": [_block(inner) for inner in blocks]}
        case Footnote(label, blocks):
            return {"type": "paragraph", "footnote": label, "blocks": [_block(inner) for inner in blocks]}
        case Heading(level, content):
            return {"type": "paragraph", "text": _text(content), "markdown": content.markdown, "level": level}
        case Rule():
            return {"type": "paragraph", "text": "", "markdown": "---"}


def _item(item: Item) -> dict[str, Any]:
    return {"blocks": [_block(inner) for inner in item.blocks], "checked": item.checked, "number": item.number}


def _definition(terms: Sequence[Inline], meanings: Sequence[Sequence[Block]]) -> dict[str, Any]:
    return {
        "terms": [_text(term) for term in terms],
        "definitions": [[_block(inner) for inner in meaning] for meaning in meanings],
    }


def _table(block: Table) -> dict[str, Any]:
    return {
        "caption": _text(block.caption) if block.caption else None,
        "headers": [_text(cell) for cell in block.header],
        "rows": [[_text(cell) for cell in row] for row in block.rows],
    }


def _text(content: Inline) -> str:
    return " ".join(content.text.split())
