"""The numbers by which a block is judged, one column each."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.columns import Column, Columns
from alterlab_server.extract.body.hints import Hints
from alterlab_server.extract.body.lexicon import Lexicon
from alterlab_server.extract.body.structure import (
    LEVELS,
    Structure,
    by_tag,
    integers,
    last_true,
    logistic,
    running_sums,
)

_SENTENCE_ENDS = (". ", "! ", "? ", "。", "！", "？")
_MARKS, _CLOSERS = ".!?…。！？", "\"'”’)]」』"
# What a block ends with; a closing sign counts behind the end of a sentence only.
_ENDINGS = dict.fromkeys(_MARKS, 1.0) | {mark + closer: 1.0 for mark in _MARKS for closer in _CLOSERS} | {":": 0.5}
# A search is quickest for one of few signs; what is around it tells which of them begins a price or a date.
_PRICE = re.compile(r"[$€£¥₹0-9](?:(?<=\d)\s?(?:€|£|USD|EUR|kr\b|zł)|(?<=\D)\s?\d)")
_DATE = re.compile(r"[0-9](?<=\b.)(?:(?<=1)9\d\d\b|(?<=2)0\d\d\b|\d?[:/.]\d{2}\b)")
_AGO = re.compile(r"ago\b(?<=\bago)")
_LANDMARKS = {
    "nav": "nav", "navigation": "nav", "menu": "nav", "header": "header", "banner": "header", "footer": "footer",
    "contentinfo": "footer", "aside": "aside", "complementary": "aside", "main": "main", "article": "article",
    "form": "form", "search": "form", "table": "table", "ul": "list", "ol": "list", "section": "section",
    "dialog": "dialog", "p": "p", "figure": "figure", "figcaption": "figure", "blockquote": "quote",
}  # fmt: skip
LANDMARKS = tuple(dict.fromkeys(_LANDMARKS.values()))
_IN_LANDMARKS = tuple(f"in_{name}" for name in LANDMARKS)
_LANDMARK_ROWS = {tag: LANDMARKS.index(landmark) for tag, landmark in _LANDMARKS.items()}
# A row more for the tags that are none.
_ROWS_OF_TAGS = by_tag(_LANDMARK_ROWS, len(LANDMARKS)).astype(np.intp)
# A title or a name is compared with what the head says; a paragraph need not be.
_TITLE_WORDS = 30
# The beginning of a block tells it from others; fewer words than these stand in any text.
_HEAD, _TELLING = 32, 3
# Prices and dates by themselves stand in blocks shorter than this; prose is at least as long as that.
_SHORT, _PROSE = 12, 8
_FAR = 50


def columns(layout: Layout, page: Structure, lexicon: Lexicon, hints: Hints) -> Columns:
    """The columns of a page that has blocks, by name."""
    return Columns.of(*structural(layout, page, hints), lexical(layout, page, lexicon))


def structural(layout: Layout, page: Structure, hints: Hints) -> list[dict[str, Column] | Columns]:
    """The columns that need no lexicon."""
    own = _own(layout, page, hints)
    prose = own["prose"]
    return [
        own,
        _landmarks(page),
        _levels(page, prose),
        _position(page, prose),
        _page(page, hints, own),
        _groups(page, prose),
        _relation(page, prose),
    ]


def _own(layout: Layout, page: Structure, hints: Hints) -> dict[str, Column]:
    blocks, texts = layout.blocks, [block.text for block in layout.blocks]
    words = page.words
    lowered = [text[:_HEAD].lower() for text in texts]
    ends = np.array([_ENDINGS.get(text[-1]) or _ENDINGS.get(text[-2:], 0.0) for text in texts])
    sentences = (ends == 1.0).astype(float)
    together = "".join(texts)
    marks = [mark for mark in _SENTENCE_ENDS if mark[0] in together]
    for index in (words >= _PROSE).nonzero()[0].tolist():
        sentences[index] += sum(map(texts[index].count, marks))
    density = page.link_words / words
    counts = Counter(texts)
    short = _Searched(texts, words < _SHORT)
    return {
        "words": words,
        "chars_a_word": integers(list(map(len, texts))) / words,
        "link_density": density,
        "ends_sentence": ends,
        "sentences": sentences,
        "prose": np.where((words >= _PROSE) & (density < 0.5) & (sentences > 0), words, 0.0),
        "price": short.having(_PRICE),
        "date": np.maximum(short.having(_DATE), short.having(_AGO)),
        "heading": page.heading,
        "repeats": integers([counts[text] for text in texts]),
        "hidden": integers([block.container.hidden for block in blocks]),
        "depth": page.depth.take(page.owner),
        "after_image": integers([block.after_image for block in blocks]),
        "links": integers([block.links for block in blocks]),
        "title_overlap": _title_overlap(lowered, words, hints.title),
        "declared": _declared(lowered, words, hints.article),
        "described": _declared(lowered, words, hints.description),
    }


class _Searched:
    """Some of the texts, which are searched as one."""

    def __init__(self, texts: Sequence[str], which: NDArray[np.bool_]) -> None:
        self.count = len(texts)
        self.places = which.nonzero()[0]
        searched = [texts[index] for index in self.places.tolist()]
        self.together = "\0".join(searched)
        self.ends = (integers(list(map(len, searched))) + 1).cumsum()

    def having(self, pattern: re.Pattern[str]) -> Column:
        """Whether the pattern is found in each of all texts."""
        found = np.zeros(self.count)
        if matches := [match.start() for match in pattern.finditer(self.together)]:
            found[self.places[self.ends.searchsorted(matches, "right")]] = 1.0
        return found


def _title_overlap(lowered: Sequence[str], words: Column, title: str) -> Column:
    """The share of the words that each beginning of a block has in common with the title."""
    wanted = frozenset(title.lower().split())
    overlap = np.zeros(len(lowered))
    for index in (words <= _TITLE_WORDS).nonzero()[0].tolist():
        found = lowered[index].split()
        if not wanted.isdisjoint(found):
            distinct = set(found)
            overlap[index] = len(distinct & wanted) / len(distinct)
    return overlap


def _declared(lowered: Sequence[str], words: Column, known: str) -> Column:
    """Whether the beginning of each block stands in a text that the head declares; -1 without one."""
    if not known:
        return np.full(len(lowered), -1.0)
    found = np.zeros(len(lowered))
    for index in (words >= _TELLING).nonzero()[0].tolist():
        if lowered[index] in known:
            found[index] = 1.0
    return found


def _landmarks(page: Structure) -> Columns:
    """For each landmark whether a block is in one."""
    width = len(page.owner) + 1
    rows = _ROWS_OF_TAGS.take(page.tags) * width
    places = (len(LANDMARKS) + 1) * width
    begun, ended = (np.bincount(rows + bound, minlength=places) for bound in (page.start, page.end))
    within = ((begun - ended).cumsum() > 0).astype(float).reshape(-1, width)[:-1, :-1]
    for container in page.containers:
        if container.role in _LANDMARK_ROWS:
            within[_LANDMARK_ROWS[container.role], container.start : container.end] = 1.0
    return Columns(_IN_LANDMARKS, within)


def _levels(page: Structure, prose: Column) -> Columns:
    """What the container of each block and three around it hold, wrappers around a single container left out."""
    words = np.maximum(page.held_words, 1)
    blocks = (page.end - page.start).astype(float)
    of_container = {
        "words": words,
        "share": words / page.total,
        "links": page.inside(page.link_words) / words,
        "blocks": blocks,
        "length": words / blocks,
        "prose": page.inside(prose) / words,
        "twins": page.twins,
        "kinds": page.kinds,
    }
    names = tuple(f"{name}_{step}" for step in range(LEVELS) for name in of_container)
    values = np.array(list(of_container.values()))
    return Columns(names, np.concatenate([values.take(level, 1) for level in page.levels]))


def _position(page: Structure, prose: Column) -> dict[str, Column]:
    count = len(prose)
    places = np.arange(count)
    before = running_sums(page.words)[:-1]
    all_prose = prose.sum() or 1.0
    prose_before = running_sums(prose)[:-1]
    from_h1 = places - float(page.h1) if page.h1 >= 0 else np.full(count, -_FAR, float)
    is_prose = prose > 0
    return {
        "place": places / count,
        "place_words": before,
        "words_before": before / page.total,
        "prose_before": prose_before / all_prose,
        "prose_after": (all_prose - prose_before - prose) / all_prose,
        "from_prose": _since(is_prose),
        "to_prose": _since(is_prose[::-1])[::-1],
        "from_h1": np.minimum(np.maximum(from_h1, -4.0 * _FAR), 4.0 * _FAR),
        "from_heading": _since(page.heading > 0),
    }


def _since(flags: NDArray[np.bool_]) -> Column:
    """How many blocks ago the last one was of which this is true."""
    blocks: Column = np.minimum(np.arange(len(flags)) - last_true(flags, -_FAR), _FAR)
    return blocks


def _page(page: Structure, hints: Hints, own: dict[str, Column]) -> Columns:
    """What is the same for all blocks of a page."""
    numbers = {
        "page_words": page.total,
        "page_blocks": len(page.owner),
        "page_links": page.link_words.sum() / page.total,
        "page_prose": own["prose"].sum() / page.total,
        "page_long": own["prose"].max(initial=0.0),
        "page_lists": page.tagged("li").sum(),
        "page_prices": own["price"].sum(),
        "page_dates": own["date"].sum(),
        "page_articles": page.tagged("article").sum(),
        "page_codes": page.tagged("pre").sum(),
        "main_share": _largest(page, "main") / page.total,
        "article_share": _largest(page, "article") / page.total,
        "is_article": float("article" in hints.og_type),
        "is_product": float("product" in hints.og_type),
        "declared_share": min(len(hints.article) / (5 * page.total), 3.0),
        "path_depth": hints.path_depth,
    }
    values = np.array(list(numbers.values()), float)
    return Columns(tuple(numbers), values[:, None].repeat(len(page.owner), 1))


def _largest(page: Structure, tag: str) -> float:
    """The words of the largest container with a tag, 0 for none."""
    return float(page.held_words[page.tagged(tag)].max(initial=0.0))


def _groups(page: Structure, prose: Column) -> Columns:
    """The blocks of the same kind of container, taken together."""
    group = page.group
    count = np.bincount(group).astype(float)
    words = np.bincount(group, page.words)
    links = np.bincount(group, page.link_words)
    sentences = np.bincount(group, prose)
    of_group = {
        "same_count": count,
        "same_words": words,
        "same_length": words / count,
        "same_links": links / words,
        "same_prose": sentences / words,
        "same_share": words / page.total,
    }
    return Columns(tuple(of_group), np.array(list(of_group.values())).take(group, 1))


def _relation(page: Structure, prose: Column) -> dict[str, Column]:
    """How far a block is from the container with most prose and from the h1, and whether it is in one of several."""
    top = page.main_prose(prose)
    above, below = page.path_to(top)
    h1_above, h1_below = page.path_to(int(page.owner[page.h1]) if page.h1 >= 0 else 0)
    most, share = page.repeated()
    count, owner = len(page.owner), page.owner
    return {
        "above_top": above.take(owner),
        "below_top": below.take(owner),
        "from_h1_up": h1_above.take(owner),
        "from_h1_down": h1_below.take(owner),
        "most_twins": most.take(owner),
        "twin_share": share.take(owner),
        "top_share": np.full(count, page.held_words[top] / page.total),
        "from_top": np.minimum(np.maximum(np.arange(1.0, count + 1) - page.end[top], 0.0), _FAR),
    }


def lexical(layout: Layout, page: Structure, lexicon: Lexicon) -> dict[str, Column]:
    """The lexicon's scores of each block, of its neighbours and heading, and of those that share its container."""
    names = lexicon.names(page.containers, page.parents)
    near, around = (np.array(values).take(page.owner) for values in names)
    words = np.array(lexicon.texts(layout.blocks))
    total = words + near + around
    chances = logistic(total)
    padded = np.concatenate([[-3.0, -3.0], total, [-3.0, -3.0]])
    return {
        "lex_words": words,
        "lex_near": near,
        "lex_around": around,
        "lex": total,
        "lex_before_2": padded[:-4],
        "lex_before": padded[1:-3],
        "lex_after": padded[3:-1],
        "lex_after_2": padded[4:],
        "lex_heading": page.of_last_heading(total, -4.0),
        "lex_heading_words": page.of_last_heading(words, -4.0),
        **{f"lex_{name}": values for name, values in page.means(chances).items()},
    }
