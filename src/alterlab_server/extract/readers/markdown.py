"""Markdown (CommonMark, with GitHub's tables, strikethrough, tasks and footnotes, and front matter)."""

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.source import Source

# A task of GitHub's flavour, as the parser leaves it.
_TASK = re.compile(r"(<li>(?:\n<p>)?)\[([ xX])\](?=\s)")
# The plugin itself looks for the end of a label to the end of the text, at each of its beginnings.
_LABEL = re.compile(r"\[\^[^\s\[\]]{1,100}\]")
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_FRONT_LINE = re.compile(r"^([A-Za-z][\w-]{0,40}):[ \t]+(\S.*)$", re.MULTILINE)
_MAX_FRONT_LINES = 100
# Names of site makers, as the heads of pages call them.
_META_NAMES = {"title": "og:title", "tags": "keywords", "summary": "description"}


def read(source: str, url: str) -> Source:
    """Read markdown as the page that it stands for."""
    front = _FRONT_MATTER.match(source)
    markup = _PARSER.render(source[front.end() :] if front else source)
    head = _head(front[1]) if front else ""
    return Source(Document(head + _TASK.sub(_check_box, markup), url), verbatim={"raw": source}, whole=True)


def _check_box(found: re.Match[str]) -> str:
    return f'{found[1]}<input type="checkbox"{"" if found[2] == " " else " checked"}>'


def _head(front: str) -> str:
    """The plain values of YAML front matter as what the head of a page says."""
    lines = _FRONT_LINE.findall(front)[:_MAX_FRONT_LINES]
    said = ((_META_NAMES.get(name, name), escape(value.strip().strip("\"'[]"))) for name, value in lines)
    return "".join(f'<meta name="{name}" content="{value}">' for name, value in said)


def _footnote_ref(state: StateInline, silent: bool) -> bool:
    return _LABEL.match(state.src, state.pos) is not None and footnote_ref(state, silent)


def _caption(_: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """What a mention shows: the label as the source has it."""
    return f"[{escape(tokens[index].meta['label'])}]"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False)
    parser.inline.ruler.at("footnote_ref", _footnote_ref)
    parser.add_render_rule("footnote_caption", _caption)
    parser.add_render_rule("footnote_anchor", lambda *_: "")
    parser.add_render_rule("footnote_block_open", lambda *_: '<section class="footnotes">\n<ol>\n')
    return parser


_PARSER = _parser()
