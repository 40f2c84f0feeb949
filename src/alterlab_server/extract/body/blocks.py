"""A page as a sequence of text blocks within a tree of containers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from turbohtml import Element, Node, Text

# Elements that interrupt a line of text.
BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre"
    " search section select summary table tbody td textarea tfoot th thead tr ul".split()
)
# Their text is not part of the page's text.
_SKIPPED = frozenset(
    "script style template iframe object embed svg canvas head datalist textarea select audio video map"
    " applet frameset noembed noframes".split()
)
# On labelled pages, a third of all blocks stand in these, and half a percent of the content.
_FRAME = frozenset({"nav", "footer"})
_IMAGES = frozenset({"img", "picture", "video", "svg", "iframe", "amp-img"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A page with fewer words outside of `<noscript>` is the empty shell of an application.
_SHELL_WORDS = 100
# Below this, elements are walked but no longer told apart: no page that people read nests so deep.
MAX_DEPTH = 300
# Scripts without spaces between words: about this many characters count as one.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_CHARACTERS_A_WORD = 3


@dataclass(slots=True, eq=False)
class Container:
    """A block-level element, and the blocks inside of it: from number `start` up to `end`.

    `names` are its class names, id and other attributes that say what it is for. `kind` is the same number for elements
    of one tag and class; `nth` counts the siblings of that kind before it, `kinds` are those that it has itself.
    """

    element: Element
    tag: str
    role: str
    names: str
    parent: "Container | None"
    depth: int
    hidden: bool
    kind: int
    nth: int
    start: int
    end: int
    kinds: dict[int, int]

    def chain(self) -> "Iterator[Container]":
        """The container and those around it, from the inside out."""
        level: Container | None = self
        while level is not None:
            yield level
            level = level.parent


@dataclass(slots=True, eq=False)
class Block:
    """A run of text without a line of its own inside: its text nodes, and the container it stands in."""

    container: Container
    nodes: list[Text]
    text: str
    words: int
    link_words: int
    links: int
    after_image: bool


class Layout:
    """The blocks and containers under an element, in document order.

    The text of `<noscript>` counts where there is little else: a page drawn by scripts may keep a copy there. So does
    that of `<nav>` and `<footer>`; `framed` says whether it did.
    """

    def __init__(self, root: Element) -> None:
        for skipped in (_SKIPPED | _FRAME | {"noscript"}, _SKIPPED | _FRAME, _SKIPPED):
            self._split(root, skipped)
            self.framed = "nav" not in skipped
            if sum([block.words for block in self.blocks]) >= _SHELL_WORDS:
                break

    def _split(self, root: Element, skipped: frozenset[str]) -> None:
        self.blocks: list[Block] = []
        top = Container(root, root.tag, "", "", None, 0, False, 0, 0, 0, 0, {})
        self.containers = [top]
        self._kinds: dict[tuple[str, str], int] = {}
        self._begin_run()
        self._image_before = False
        self._in_link = 0
        self._walk(root, top, skipped)
        top.end = len(self.blocks)

    def _begin_run(self) -> None:
        self._run: list[Text] = []
        self._link_words = self._links = self._breaks = 0

    def _walk(self, root: Element, current: Container, skipped: frozenset[str]) -> None:
        stack: list[Node | Container | None] = list(root.children[::-1])
        while stack:
            node = stack.pop()
            if type(node) is Text:
                self._text(node)
            elif type(node) is Element:
                tag = node.tag
                if tag in _IMAGES:
                    self._image_before = True
                if tag in skipped:
                    continue
                if tag in BLOCK_TAGS and current.depth < MAX_DEPTH:
                    self._end_run(current)
                    stack.append(current)
                    current = self._open(node, tag, current)
                elif tag == "a":
                    self._in_link += 1
                    self._links += 1
                    stack.append(None)
                elif tag == "br":
                    self._break(current)
                    continue
                stack.extend(node.children[::-1])
            elif node is None:
                self._in_link -= 1
            elif type(node) is Container:
                self._end_run(current)
                current.end = len(self.blocks)
                current = node
        self._end_run(current)

    def _text(self, node: Text) -> None:
        data = node.data
        if not data.isspace():
            self._run.append(node)
            self._breaks = 0
            if self._in_link:
                self._link_words += len(data.split())
        elif self._run:
            self._run.append(node)

    def _break(self, container: Container) -> None:
        self._breaks += 1
        if self._breaks == 2:
            self._end_run(container)

    def _end_run(self, container: Container) -> None:
        run = self._run
        if not run:
            self._links = self._breaks = 0
            return
        found = (run[0].data if len(run) == 1 else "".join([node.data for node in run])).split()
        if found:
            text = " ".join(found)
            words = len(found)
            links = min(self._link_words, words)
            if not text.isascii() and _UNSPACED.search(text):
                words = max(words, len(text) // _CHARACTERS_A_WORD)
                links = words * links // len(found)
            self.blocks.append(Block(container, run, text, words, links, self._links, self._image_before))
            self._image_before = False
        self._begin_run()

    def _open(self, element: Element, tag: str, parent: Container) -> Container:
        role = names = classes = ""
        hidden = parent.hidden
        if attrs := element.attrs:
            attr = element.attr
            classes, role = attr("class") or "", attr("role") or ""
            names = classes
            for more in (attr("id"), role, attr("itemprop"), attr("data-testid")):
                if more:
                    names = f"{names} {more}"
            hidden = hidden or "hidden" in attrs or attr("aria-hidden") == "true" or _unseen(element)
        known = self._kinds
        kind = known.setdefault((tag, classes[:40]), len(known) + 1)
        nth = parent.kinds.get(kind, 0)
        parent.kinds[kind] = nth + 1
        start = len(self.blocks)
        container = Container(element, tag, role, names, parent, parent.depth + 1, hidden, kind, nth, start, start, {})
        self.containers.append(container)
        return container


def _unseen(element: Element) -> bool:
    style = element.attr("style")
    return bool(style and _HIDDEN_STYLE.search(style))
