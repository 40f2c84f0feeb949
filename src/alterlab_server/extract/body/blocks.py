"""A page as a sequence of text blocks within a tree of containers."""

import re
from collections.abc import Iterator

from turbohtml import Element, Node, Text

from alterlab_server.extract.body.names import MAX_LENGTH
from alterlab_server.extract.words import count_words

# Elements that interrupt a line of text.
BLOCK_TAGS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre"
    " search section select summary table tbody td textarea tfoot th thead tr ul".split()
)
# Their text is not part of the page's text.
SKIPPED = frozenset(
    "script style template iframe object embed svg canvas head datalist textarea select audio video map"
    " applet frameset noembed noframes".split()
)
# On labelled pages, a third of all blocks stand in these, and half a percent of the content.
_FRAME = frozenset({"nav", "footer"})
_IMAGES = frozenset({"img", "picture", "video", "svg", "iframe", "amp-img"})
# What stands within a line and is nothing but text: an element that holds no others, block or not, is read at once.
_MORE_THAN_TEXT = (
    ":not(span,font,u,small,big,abbr,time,cite,q,label,ins,var,dfn,bdi,bdo,data,wbr,em,i,strong,b,del,s,strike,code,tt,"
    "samp,kbd,sub,sup,mark)"
)
# The attributes that say what an element is for, in the order in which they are read.
_NAMING = ("class", "id", "role", "itemprop", "data-testid")
# Few elements have more of these than a class and an id, or hide: they are found at once.
_TELLING = "[role],[itemprop],[data-testid],[hidden],[aria-hidden],[style*=display i],[style*=visibility i]"
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A page with fewer words outside of `<noscript>` is the empty shell of an application.
_SHELL_WORDS = 100
# Below this, elements are walked but no longer told apart: no page that people read nests so deep.
MAX_DEPTH = 300


class Container:
    """A block-level element, and the blocks inside of it: from number `start` up to `end`.

    `names` are its class names, id and other attributes that say what it is for. `kind` is the same number for elements
    of one tag and class; `kinds` counts how many of each kind are right inside of it. `place` is its number among those
    that hold blocks, once a Structure has been made.
    """

    def __init__(
        self,
        element: Element,
        tag: str,
        role: str,
        names: str,
        parent: "Container | None",
        hidden: bool,
        kind: int,
        start: int,
    ) -> None:
        self.element, self.tag, self.role, self.names, self.parent = element, tag, role, names, parent
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.hidden, self.kind = hidden, kind
        self.start = self.end = start
        self.place = 0
        self.kinds: dict[int, int] = {}

    def chain(self) -> "Iterator[Container]":
        """The container and those around it, from the inside out."""
        level: Container | None = self
        while level is not None:
            yield level
            level = level.parent


class Block:
    """A run of text without a line of its own inside: its nodes, which hold nothing else, and where it stands."""

    def __init__(
        self,
        container: Container,
        nodes: list[Node],
        text: str,
        words: int,
        link_words: int,
        links: int,
        after_image: bool,
    ) -> None:
        self.container, self.nodes, self.text = container, nodes, text
        self.words, self.link_words, self.links, self.after_image = words, link_words, links, after_image


class Layout:
    """The blocks and containers under an element, in document order.

    The text of `<noscript>` counts where there is little else: a page drawn by scripts may keep a copy there. So does
    that of `<nav>` and `<footer>`; `framed` says whether it did. `broken` are the elements of a line that hold
    blocks, those within others before them, and from and up to which block their texts may be.
    """

    def __init__(self, root: Element) -> None:
        for skipped in (SKIPPED | _FRAME | {"noscript"}, SKIPPED | _FRAME, SKIPPED):
            self._split(root, skipped)
            self.framed = "nav" not in skipped
            if sum([block.words for block in self.blocks]) >= _SHELL_WORDS:
                break

    def _split(self, root: Element, skipped: frozenset[str]) -> None:
        self.blocks: list[Block] = []
        top = Container(root, root.tag, "", "", None, False, 0, 0)
        self.containers = [top]
        self.broken: list[tuple[Element, int, int]] = []
        self._kinds: dict[tuple[str, str], int] = {}
        self._telling = frozenset(root.select(_TELLING))
        self._skipped, self._breaking = skipped, BLOCK_TAGS - skipped
        self._image_before = False
        self._in_link = 0
        self._begin_run()
        self._walk(root, top)
        self._end_run(top)
        top.end = len(self.blocks)

    def _begin_run(self) -> None:
        self._run: list[Node] = []
        self._texts: list[str] = []
        self._link_words = self._links = self._breaks = 0

    def _walk(self, element: Element, current: Container) -> None:
        """Read what is in an element; the parser lets none nest deeper than some 500."""
        breaking = self._breaking if current.depth < MAX_DEPTH else frozenset()
        for node in element.children:
            if type(node) is Text:
                data = node.data
                if self._run or not data.isspace():
                    self._say(node, data)
            elif type(node) is Element:
                tag = node.tag
                if tag in breaking:
                    self._enter(node, tag, current)
                elif tag == "br":
                    self._break(current)
                else:
                    if tag in _IMAGES:
                        self._image_before = True
                    if tag in self._skipped:
                        continue
                    is_link = tag == "a"
                    self._links += is_link
                    self._in_link += is_link
                    if node.select_one(_MORE_THAN_TEXT) is not None:
                        known, start = len(self.containers), len(self.blocks)
                        self._walk(node, current)
                        if len(self.containers) > known:
                            self.broken.append((node, start, len(self.blocks) + 1))
                    elif text := node.text:
                        self._say(node, text)
                    self._in_link -= is_link

    def _enter(self, element: Element, tag: str, current: Container) -> None:
        """Read a block-level element: one that holds nothing but text within a line at once."""
        self._end_run(current)
        inner = self._open(element, tag, current)
        if self._in_link or element.select_one(_MORE_THAN_TEXT) is not None:
            self._walk(element, inner)
        elif text := element.text:
            self._say(element, text)
        self._end_run(inner)
        inner.end = len(self.blocks)

    def _say(self, node: Text | Element, text: str) -> None:
        if not text.isspace():
            self._breaks = 0
            if self._in_link:
                parts = node.strings if type(node) is Element else (text,)
                for part in parts:
                    self._link_words += len(part.split())
        elif not self._run:
            return
        self._run.append(node)
        self._texts.append(text)

    def _break(self, container: Container) -> None:
        self._breaks += 1
        if self._breaks == 2:
            self._end_run(container)

    def _end_run(self, container: Container) -> None:
        run = self._run
        if not run:
            self._links = self._breaks = 0
            return
        text = "".join(self._texts).strip()
        if text.isprintable() and "  " not in text:  # then it has no other space than single ones
            spaced = text.count(" ") + 1
        else:
            found = text.split()
            text, spaced = " ".join(found), len(found)
        words = count_words(text, spaced)
        links = words * min(self._link_words, spaced) // spaced
        self.blocks.append(Block(container, run, text, words, links, self._links, self._image_before))
        self._image_before = False
        self._begin_run()

    def _open(self, element: Element, tag: str, parent: Container) -> Container:
        classes = element.attr("class") or ""
        identity = element.attr("id")
        names = f"{classes} {identity}" if classes and identity else classes or identity or ""
        hidden, role = parent.hidden, ""
        if element in self._telling:
            names = " ".join([value for name in _NAMING if (value := element.attr(name))])
            hidden = hidden or _hides(element)
            role = element.attr("role") or ""
        known = self._kinds
        kind = known.setdefault((tag, classes[:40]), len(known) + 1)
        parent.kinds[kind] = parent.kinds.get(kind, 0) + 1
        container = Container(element, tag, role, names[:MAX_LENGTH], parent, hidden, kind, len(self.blocks))
        self.containers.append(container)
        return container


def _hides(element: Element) -> bool:
    if element.attr("aria-hidden") == "true" or element.attr("hidden") is not None:
        return True
    return _HIDDEN_STYLE.search(element.attr("style") or "") is not None
