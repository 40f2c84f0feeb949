"""A page as a sequence of text blocks within a tree of containers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from turbohtml import Element, Node, Text

from alterlab_server.extract.body.names import name_words

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


@dataclass(slots=True, eq=False)
class Container:
    """A block-level element: what it is called, and the sums over the blocks inside.

    `own` are the words of its class names and id, `words_around` those of all that enclose it as well. `key` tells
    siblings of one kind, `nth` counts them, `kinds` how many of each it has itself; `kind` also says what it stands in.
    `start` is the number of blocks before it, `first` the index of its first block, -1 for none.
    """

    element: Element
    tag: str
    parent: "Container | None"
    depth: int
    own: frozenset[str]
    words_around: frozenset[str]
    role: str
    hidden: bool
    key: str
    kind: str = ""
    nth: int = 0
    start: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    first: int = -1
    words: int = 0
    link_words: int = 0
    blocks: int = 0
    prose: int = 0
    prose_near: float = 0.0
    landmarks: int = 0
    lexical: float = 0.0

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
            if sum(block.words for block in self.blocks) >= _SHELL_WORDS:
                break

    def _split(self, root: Element, skipped: frozenset[str]) -> None:
        self.blocks: list[Block] = []
        top = Container(root, root.tag, None, 0, frozenset(), frozenset(), "", hidden=False, key="")
        self.containers = [top]
        self._begin_run()
        self._image_before = False
        self._in_link = 0
        self._walk(root, top, skipped)

    def _begin_run(self) -> None:
        self._run: list[Text] = []
        self._link_words = self._links = self._breaks = 0

    def _walk(self, root: Element, current: Container, skipped: frozenset[str]) -> None:
        stack: list[Node | Container | None] = list(reversed(root.children))
        while stack:
            node = stack.pop()
            if type(node) is Text:
                self._text(node)
            elif node is None:
                self._in_link -= 1
            elif type(node) is Container:
                self._end_run(current)
                current = node
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
                elif tag == "br":
                    self._breaks += 1
                    if self._breaks == 2:
                        self._end_run(current)
                    continue
                elif tag == "a":
                    self._in_link += 1
                    self._links += 1
                    stack.append(None)
                stack.extend(reversed(node.children))
        self._end_run(current)

    def _text(self, node: Text) -> None:
        self._run.append(node)
        data = node.data
        if not data.isspace():
            self._breaks = 0
            if self._in_link:
                self._link_words += len(data.split())

    def _end_run(self, container: Container) -> None:
        if not self._run:
            self._link_words = self._links = self._breaks = 0
            return
        text = " ".join("".join([node.data for node in self._run]).split())
        if text:
            words = text.count(" ") + 1
            links = min(self._link_words, words)
            self.blocks.append(Block(container, self._run, text, words, links, self._links, self._image_before))
            self._image_before = False
        self._begin_run()

    def _open(self, element: Element, tag: str, parent: Container) -> Container:
        own, role, hidden = frozenset[str](), "", parent.hidden
        names = ""
        if attrs := element.attrs:
            names = f"{element.attr('class') or ''} {element.attr('id') or ''}"
            own = name_words(names)
            role = element.attr("role") or ""
            hidden = hidden or "hidden" in attrs or element.attr("aria-hidden") == "true" or _unseen(element)
        around = parent.words_around | own if own else parent.words_around
        key = f"{tag}.{names[:40]}"
        kinds = parent.kinds
        nth = kinds.get(key, 0)
        kinds[key] = nth + 1
        container = Container(
            element,
            tag,
            parent,
            parent.depth + 1,
            own,
            around,
            role,
            hidden,
            key,
            _kind(key, parent),
            nth,
            len(self.blocks),
        )
        self.containers.append(container)
        return container


def _kind(key: str, parent: Container) -> str:
    around = parent.parent
    return f"{key}/{parent.key}/{around.key if around else ''}"


def _unseen(element: Element) -> bool:
    style = element.attr("style")
    return bool(style and _HIDDEN_STYLE.search(style))
