"""The numbers by which a block is judged."""

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from math import exp

from alterlab_server.extract.body.blocks import Block, Container, Layout
from alterlab_server.extract.body.lexicon import Lexicon

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]]?(?:\s|$)")
_PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|£|USD|EUR|kr\b|zł)")
_HEADINGS = {"h1": 1.0, "h2": 2.0, "h3": 3.0, "h4": 4.0, "h5": 5.0, "h6": 6.0}
_LANDMARKS = {
    "nav": 1, "navigation": 1, "menu": 1, "header": 2, "banner": 2, "footer": 4, "contentinfo": 4, "aside": 8,
    "complementary": 8, "main": 16, "article": 32, "form": 64, "search": 64, "table": 128, "ul": 256, "ol": 256,
    "section": 512, "dialog": 1024,
}  # fmt: skip
_LANDMARK_BITS = tuple(1 << bit for bit in range(11))
_LEVELS = 4
# A container counts as one of several alike only when it holds about a teaser's words.
_TWIN_WORDS = 40

FEATURES: tuple[str, ...] = (
    "words", "chars_a_word", "link_density", "ends_sentence", "price", "heading", "repeats", "hidden", "depth",
    "after_image", "one_link", "colon_early",
    "in_nav", "in_header", "in_footer", "in_aside", "in_main", "in_article", "in_form", "in_table", "in_list",
    "in_section", "in_dialog",
    *(f"{what}_{level}" for level in range(_LEVELS)
      for what in ("words", "share", "links", "blocks", "prose", "twins", "kinds")),
    "place", "words_before", "before_h1", "from_h1", "from_heading", "title_overlap",
    "page_words", "page_blocks", "page_links", "page_prose", "page_lists", "page_prices", "page_articles",
    "main_share", "article_share", "is_article", "is_product",
    "same_count", "same_words", "same_links", "same_prose",
    "above_top", "below_top", "in_top", "top_share", "from_h1_up", "with_h1",
    "most_twins", "nth_twin", "twin_share",
    "lex_words", "lex_near", "lex_around", "lex", "lex_before_2", "lex_before", "lex_after", "lex_after_2",
    "lex_container", "lex_parent", "lex_grandparent", "lex_same",
)  # fmt: skip


def features(layout: Layout, lexicon: Lexicon, title: str, og_type: str) -> list[list[float]]:
    """One row of numbers a block, in the order of FEATURES."""
    blocks = layout.blocks
    if not blocks:
        return []
    _landmarks(layout.containers)
    prose = _sum_up(blocks)
    page = _Page(layout, prose, title, og_type)
    lexical = _lexical(layout, lexicon)
    rows = []
    for index, block in enumerate(blocks):
        row = _own(block, page)
        row += [1.0 if block.container.landmarks & bit else 0.0 for bit in _LANDMARK_BITS]
        row += _levels(block.container, page)
        row += page.position(index, block)
        row += page.numbers
        row += page.group(block)
        row += page.relation(block.container)
        row += lexical[index]
        rows.append(row)
    return rows


def _landmarks(containers: Sequence[Container]) -> None:
    for container in containers:
        own = _LANDMARKS.get(container.tag, 0) | _LANDMARKS.get(container.role, 0)
        container.landmarks = own | container.parent.landmarks if container.parent else own


def _sum_up(blocks: Sequence[Block]) -> list[int]:
    """Add each block to the containers around it; gives the words of each that is prose."""
    prose_of = []
    for index, block in enumerate(blocks):
        words, links = block.words, block.link_words
        prose = words if words >= 8 and links * 2 < words and _SENTENCE_END.search(block.text) else 0
        prose_of.append(prose)
        for container in block.container.chain():
            container.words += words
            container.link_words += links
            container.blocks += 1
            container.prose += prose
            if container.first < 0:
                container.first = index
        if prose:
            for share, container in zip((0.2, 1.0, 0.5), block.container.chain(), strict=False):
                container.prose_near += share * prose
    return prose_of


def _own(block: Block, page: "_Page") -> list[float]:
    text, words, here = block.text, block.words, block.container
    ends = 1.0 if _SENTENCE_END.search(text[-2:]) else 0.5 if text[-1] == ":" else 0.0
    heading = _HEADINGS.get(here.tag, 0.0)
    if not heading and here.parent is not None:
        heading = _HEADINGS.get(here.parent.tag, 0.0)
    return [
        words, len(text) / words, block.link_words / words, ends, 1.0 if _PRICE.search(text) else 0.0, heading,
        page.texts[text], float(here.hidden), here.depth, float(block.after_image),
        float(block.links == 1 and block.link_words >= words), float(":" in text[:25]),
    ]  # fmt: skip


def _levels(container: Container, page: "_Page") -> list[float]:
    """What the container and three around it hold, wrappers around a single container left out."""
    key = id(container)
    if key in page.levels:
        return page.levels[key]
    row: list[float] = []
    level = container
    for step in range(_LEVELS):
        while step and level.parent and level.parent.parent and level.parent.blocks == level.blocks:
            level = level.parent
        twins = level.parent.kinds.get(level.key, 1) if level.parent else 1
        words, blocks = level.words or 1, level.blocks or 1
        row += [words, words / page.total, level.link_words / words, blocks, level.prose / words, twins,
                len(level.kinds)]  # fmt: skip
        level = level.parent or level
    page.levels[key] = row
    return row


class _Page:
    """What is common to all blocks of a page."""

    def __init__(self, layout: Layout, prose: Sequence[int], title: str, og_type: str) -> None:
        blocks, containers = layout.blocks, layout.containers
        self.count = len(blocks)
        self.total = sum(block.words for block in blocks) or 1
        self.title = frozenset(title.lower().split())
        self.levels: dict[int, list[float]] = {}
        self.relations: dict[int, list[float]] = {}
        self.texts: dict[str, int] = defaultdict(int)
        self.groups: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        for block, sentences in zip(blocks, prose, strict=True):
            self.texts[block.text] += 1
            group = self.groups[block.container.kind]
            for place, value in enumerate((1, block.words, block.link_words, sentences)):
                group[place] += value
        self.top = max(containers, key=lambda container: container.prose_near)
        self.top_chain = {id(container): place for place, container in enumerate(self.top.chain())}
        self.h1 = next((i for i, block in enumerate(blocks) if block.container.tag == "h1"), -1)
        h1_chain = blocks[self.h1].container.chain() if self.h1 >= 0 else ()
        self.h1_chain = {id(container): place for place, container in enumerate(h1_chain)}
        self.words_before = 0
        self.last_heading = -50
        self.numbers = self._numbers(layout, prose, og_type)

    def _numbers(self, layout: Layout, prose: Sequence[int], og_type: str) -> list[float]:
        tags = [container.tag for container in layout.containers]
        main = (c.words for c in layout.containers if c.tag == "main" or c.role == "main")
        article = (c.words for c in layout.containers if c.tag == "article")
        prices = sum(1 for block in layout.blocks if block.words < 12 and _PRICE.search(block.text))
        return [
            self.total, self.count, sum(block.link_words for block in layout.blocks) / self.total,
            sum(prose) / self.total, tags.count("li") / self.count, prices, tags.count("article"),
            max(main, default=0) / self.total, max(article, default=0) / self.total,
            float(og_type.startswith("article")), float("product" in og_type),
        ]  # fmt: skip

    def position(self, index: int, block: Block) -> list[float]:
        """Where the block stands; to be asked of all blocks in order."""
        if block.container.tag in _HEADINGS:
            self.last_heading = index
        words = set(block.text[:200].lower().split())
        before = self.words_before
        self.words_before += block.words
        return [
            index / self.count, before / self.total, float(index < self.h1),
            min(index - self.h1, 200) if self.h1 >= 0 else -50, min(index - self.last_heading, 50),
            len(words & self.title) / len(words),
        ]  # fmt: skip

    def group(self, block: Block) -> list[float]:
        """The blocks of the same kind, taken together."""
        count, words, links, prose = self.groups[block.container.kind]
        return [count, words, links / words, prose / words]

    def relation(self, container: Container) -> list[float]:
        """How far the container is from the one with most prose and from the h1, and whether it is one of several."""
        key = id(container)
        if key not in self.relations:
            self.relations[key] = self._relation(container)
        return self.relations[key]

    def _relation(self, container: Container) -> list[float]:
        above = below = up_h1 = 0
        most, nth, share = 1, 0, 0.0
        in_article = False
        met_top = met_h1 = False
        for distance, level in enumerate(container.chain()):
            key = id(level)
            if not met_top and key in self.top_chain:
                met_top, above, below = True, self.top_chain[key], distance
            if not met_h1 and key in self.h1_chain:
                met_h1, up_h1 = True, self.h1_chain[key]
            if level.tag == "article" and key in self.h1_chain:
                in_article = True
            if level.parent and level.words >= _TWIN_WORDS and level.parent.kinds[level.key] > most:
                most, nth, share = level.parent.kinds[level.key], level.nth, level.words / self.total
        return [above, below, float(above == 0), self.top.words / self.total, up_h1, float(in_article),
                most, nth, share]  # fmt: skip


def _lexical(layout: Layout, lexicon: Lexicon) -> list[list[float]]:
    """The lexicon's scores of each block, of its neighbours, and of those that share its container or kind."""
    blocks = layout.blocks
    lexicon.weigh_containers(layout.containers)
    scores = lexicon.weigh_blocks(blocks)
    sums = [words + near + around for words, near, around in scores]
    padded = [-3.0, -3.0, *sums, -3.0, -3.0]
    chances = [1 / (1 + exp(-min(max(value, -30.0), 30.0))) for value in sums]
    means = [mean_by(keys, blocks, chances) for keys in groups_of(layout)]
    return [
        [*scores[i], sums[i], padded[i], padded[i + 1], padded[i + 3], padded[i + 4], *(mean[i] for mean in means)]
        for i in range(len(blocks))
    ]


def groups_of(layout: Layout) -> list[list[Hashable]]:
    """For each block what it shares with others: its container, the ones around that, and its kind."""
    containers: list[Hashable] = []
    parents: list[Hashable] = []
    grandparents: list[Hashable] = []
    for block in layout.blocks:
        here = block.container
        parent = here.parent
        containers.append(id(here))
        parents.append(id(parent))
        grandparents.append(id(parent.parent) if parent and parent.parent else 0)
    return [containers, parents, grandparents, [block.container.kind for block in layout.blocks]]


def mean_by(keys: Sequence[Hashable], blocks: Sequence[Block], values: Sequence[float]) -> list[float]:
    """For each block the mean of its group's values, longer blocks weighing more."""
    masses: dict[Hashable, float] = {}
    weights: dict[Hashable, float] = {}
    for key, block, value in zip(keys, blocks, values, strict=True):
        weight = block.words + 0.3
        masses[key] = masses.get(key, 0.0) + weight * value
        weights[key] = weights.get(key, 0.0) + weight
    means = {key: mass / weights[key] for key, mass in masses.items()}
    return [means[key] for key in keys]
