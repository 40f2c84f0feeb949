"""The numbers by which a block is judged: what it is itself, and what the words in and around it say."""

import re
from bisect import bisect_right
from collections import Counter
from itertools import accumulate

from alterlab_server.extract.body.blocks import Block, Layout
from alterlab_server.extract.body.columns import Column, Columns, Values, column
from alterlab_server.extract.body.context import CONTEXT, write_context
from alterlab_server.extract.body.hints import Hints
from alterlab_server.extract.body.lexicon import Lexicon
from alterlab_server.extract.body.smooth import SECOND
from alterlab_server.extract.body.structure import LEVELS, Structure, logistic, mean_chances

_SENTENCE_ENDS = (". ", "! ", "? ", "。", "！", "？")
_MARKS, _CLOSERS = ".!?…。！？", "\"'”’)]」』"
# A search is quickest for one of few signs; what is around it tells which of them begins a price or a date.
_PRICE = re.compile(r"[$€£¥₹0-9](?:(?<=\d)\s?(?:€|£|USD|EUR|kr\b|zł)|(?<=\D)\s?\d)")
_DATE = re.compile(r"[0-9](?<=\b.)(?:(?<=1)9\d\d\b|(?<=2)0\d\d\b|\d?[:/.]\d{2}\b)")
_AGO = re.compile(r"ago\b(?<=\bago)")
# A title or a name is compared with what the head says; a paragraph need not be.
_TITLE_WORDS = 30
# The beginning of a block tells it from others; fewer words than these stand in any text.
_HEAD, _TELLING = 32, 3
# Prices and dates by themselves stand in blocks shorter than this; prose is at least as long as that.
_SHORT, _PROSE = 12, 8
# What stands beyond the first and the last block, and above the first heading.
_OUTSIDE, _NO_HEADING = -3.0, -4.0

OWN = (
    "words", "chars_a_word", "link_density", "ends_sentence", "sentences", "prose", "price", "date", "heading",
    "repeats", "hidden", "depth", "after_image", "links", "title_overlap", "declared", "described",
)  # fmt: skip
PAGE = (
    "page_words", "page_blocks", "page_links", "page_prose", "page_long", "page_lists", "page_prices", "page_dates",
    "page_articles", "page_codes", "main_share", "article_share", "is_article", "is_product", "declared_share",
    "path_depth",
)  # fmt: skip
LEXICAL = (
    "lex_words", "lex_near", "lex_around", "lex", "lex_before_2", "lex_before", "lex_after", "lex_after_2",
    "lex_heading", "lex_heading_words", "lex_container", "lex_parent", "lex_grandparent", "lex_same",
)  # fmt: skip
FIRST = OWN + PAGE + CONTEXT + LEXICAL
_NAMES = FIRST + SECOND
# Where those of OWN stand that are written by themselves.
_PRICES, _DATES, _OVERLAP, _DECLARED, _DESCRIBED = map(
    OWN.index, ("price", "date", "title_overlap", "declared", "described")
)


def columns(layout: Layout, page: Structure, lexicon: Lexicon, hints: Hints) -> Columns:
    """The columns of a page that has blocks; those of the second look, which come last, are still zero."""
    found = Columns(_NAMES, page.count)
    values = found.values
    texts = [block.text for block in layout.blocks]
    prose = _write_own(layout.blocks, page, texts, values)
    _write_figures(page, texts, values)
    _write_heads(page, [text[:_HEAD].lower() for text in texts], hints, values)
    at = len(OWN)
    _write_page(page, hints, prose, values, at)
    at += len(PAGE)
    write_context(page, prose, values, at)
    _write_lexical(layout, page, lexicon, values, at + len(CONTEXT))
    return found


def _write_own(blocks: list[Block], page: Structure, texts: list[str], values: Values) -> Column:
    """Write most of what a block is itself; gives the words of each block that is prose."""
    prose = column(page.count)
    together = "".join(texts)
    marks = [mark for mark in _SENTENCE_ENDS if mark[0] in together]
    counts = Counter(texts)
    for i in range(page.count):
        block, text = blocks[i], texts[i]
        words = page.words[i]
        density = page.link_words[i] / words
        ends = _ending(text)
        sentences = 1 if ends == 1.0 else 0
        if words >= _PROSE:
            for mark in marks:
                sentences += text.count(mark)
            if density < 0.5 and sentences > 0:
                prose[i] = words
        container = block.container
        values[0, i] = words
        values[1, i] = len(text) / words
        values[2, i] = density
        values[3, i] = ends
        values[4, i] = sentences
        values[5, i] = prose[i]
        values[8, i] = page.heading[i]
        values[9, i] = counts[text]
        values[10, i] = container.hidden
        values[11, i] = container.depth
        values[12, i] = block.after_image
        values[13, i] = block.links
    return prose


def _ending(text: str) -> float:
    """1 for a block that ends with a sentence, behind which a closing sign may stand, half for one with a colon."""
    last = text[len(text) - 1]
    if last in _MARKS:
        return 1.0
    if last in _CLOSERS and len(text) > 1:
        return 1.0 if text[len(text) - 2] in _MARKS else 0.0
    return 0.5 if last == ":" else 0.0


def _write_figures(page: Structure, texts: list[str], values: Values) -> None:
    """Whether a short block has a price and a date in it; the texts are searched as one."""
    places = [i for i in range(page.count) if page.words[i] < _SHORT]
    searched = [texts[i] for i in places]
    together = "\0".join(searched)
    ends = list(accumulate([len(text) + 1 for text in searched]))
    for row, pattern in ((_PRICES, _PRICE), (_DATES, _DATE), (_DATES, _AGO)):
        for match in pattern.finditer(together):
            values[row, places[bisect_right(ends, match.start())]] = 1.0


def _write_heads(page: Structure, heads: list[str], hints: Hints, values: Values) -> None:
    """What the beginning of each block has in common with what the head of the page declares."""
    title = frozenset(hints.title.lower().split())
    article, description = hints.article, hints.description
    for i in range(page.count):
        head = heads[i]
        if page.words[i] <= _TITLE_WORDS:
            found = head.split()
            if not title.isdisjoint(found):
                distinct = set(found)
                values[_OVERLAP, i] = len(distinct & title) / len(distinct)
        telling = page.words[i] >= _TELLING
        values[_DECLARED, i] = (telling and head in article) if article else -1
        values[_DESCRIBED, i] = (telling and head in description) if description else -1


def _write_page(page: Structure, hints: Hints, prose: Column, values: Values, at: int) -> None:
    """What is the same for all blocks of a page."""
    links, all_prose, longest, prices, dates = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(page.count):
        links += page.link_words[i]
        all_prose += prose[i]
        longest = max(longest, prose[i])
        prices += values[_PRICES, i]
        dates += values[_DATES, i]
    numbers = (
        page.total,
        page.count,
        links / page.total,
        all_prose / page.total,
        longest,
        len(page.tagged("li")),
        prices,
        dates,
        len(page.tagged("article")),
        len(page.tagged("pre")),
        _largest(page, "main") / page.total,
        _largest(page, "article") / page.total,
        "article" in hints.og_type,
        "product" in hints.og_type,
        min(len(hints.article) / (5 * page.total), 3.0),
        hints.path_depth,
    )
    for row, number in enumerate(numbers):
        for i in range(page.count):
            values[at + row, i] = number


def _largest(page: Structure, tag: str) -> float:
    """The words of the largest container with a tag, 0 for none."""
    return max([page.held_words[place] for place in page.tagged(tag)], default=0.0)


def _write_lexical(layout: Layout, page: Structure, lexicon: Lexicon, values: Values, at: int) -> None:
    """The lexicon's scores of each block, of its neighbours and heading, and of those that share its container."""
    near, around = lexicon.names(page)
    words = lexicon.texts(layout.blocks)
    total, chances = column(page.count + 4), column(page.count)
    total[0] = total[1] = total[page.count + 2] = total[page.count + 3] = _OUTSIDE
    for i in range(page.count):
        owner = page.owner[i]
        total[i + 2] = words[i] + near[owner] + around[owner]
        chances[i] = logistic(total[i + 2])
    means, alike = mean_chances(page, chances)
    for i in range(page.count):
        owner, heading = page.owner[i], page.last_heading[i]
        values[at, i] = words[i]
        values[at + 1, i] = near[owner]
        values[at + 2, i] = around[owner]
        values[at + 3, i] = total[i + 2]
        values[at + 4, i] = total[i]
        values[at + 5, i] = total[i + 1]
        values[at + 6, i] = total[i + 3]
        values[at + 7, i] = total[i + 4]
        values[at + 8, i] = total[heading + 2] if heading >= 0 else _NO_HEADING
        values[at + 9, i] = words[heading] if heading >= 0 else _NO_HEADING
        for step in range(3):
            values[at + 10 + step, i] = means[page.levels[LEVELS * i + step]]
        values[at + 13, i] = alike[page.group[i]]
