"""What kind of page it is."""

from array import array
from collections.abc import Mapping, Sequence
from itertools import chain, compress
from math import exp, log1p, sqrt
from typing import Any

from alterlab_server.extract.body.blocks import Block, Container, Layout
from alterlab_server.extract.body.columns import Columns, add_rows
from alterlab_server.extract.body.hashes import HashTable, word_hash
from alterlab_server.extract.body.hints import Hints
from alterlab_server.extract.body.names import NameWords, name_words

# With the share of the labelled pages that each has.
_USUAL = {
    "article": 0.61, "documentation": 0.05, "forum": 0.06, "listing": 0.05, "collection": 0.07, "product": 0.07,
    "service": 0.09,
}  # fmt: skip
PAGE_TYPES = tuple(_USUAL)
# The columns that are the same for all blocks of a page and say something about the page.
NUMBERS = (
    "page_words", "page_blocks", "page_links", "page_prose", "page_long", "page_lists", "page_prices", "page_dates",
    "page_articles", "page_codes", "main_share", "article_share", "top_share", "path_depth", "declared_share",
)  # fmt: skip
# Labels such as "reply" or "add to cart" are that short.
_LABEL_WORDS = 4

# In standard deviations.
_OUTLIER = 3.0

Chances = Mapping[str, float]


def most_telling(types: Chances) -> str:
    """The page type to name: the likeliest one, rare ones before the usual.

    The chance is divided by the square root of the usual one: by it whole, and every doubt would make a rare type.
    """
    return max(types, key=lambda name: types[name] / sqrt(_USUAL[name]))


class PageTypes:
    """A linear model over the terms of a page and some of its numbers."""

    def __init__(self, fitted: Mapping[str, Any]) -> None:
        self._terms: dict[str, int] = {term: index for index, term in enumerate(fitted["terms"])}
        self._names = HashTable({word_hash(term[1:]): [i] for term, i in self._terms.items() if term[0] == "n"})
        self._terms_weights = array("d", chain.from_iterable(fitted["terms"].values()))
        self._shift, self._scale, self._bias = fitted["shift"], fitted["scale"], fitted["bias"]
        self._numbers_weights = array("d", chain.from_iterable(fitted["numbers"]))

    def chances(self, layout: Layout, columns: Columns, hints: Hints) -> Chances:
        """The chance of each page type; they add up to 1."""
        known = bytearray(len(self._terms))
        for term in self._terms.keys() & _told_terms(layout, hints):
            known[self._terms[term]] = True
        self._mark_names(layout.containers, known)
        rows = list(compress(range(len(known)), known))
        odds = array("d", self._bias)
        add_rows(odds, self._terms_weights, rows, [1.0] * len(rows))
        numbers = standard_numbers(page_numbers(columns), self._shift, self._scale)
        add_rows(odds, self._numbers_weights, range(len(numbers)), numbers)
        most = max(odds)
        shares = [exp(value - most) for value in odds]
        everything = sum(shares)
        return {name: share / everything for name, share in zip(PAGE_TYPES, shares, strict=True)}

    def _mark_names(self, containers: list[Container], known: bytearray) -> None:
        """Mark the terms that are words in the names of containers."""
        words = NameWords()
        for container in containers:
            words.read(container.names)
            for i in range(words.count):
                found = self._names.find(words.hashes[i])
                if found >= 0:
                    known[int(self._names.at(found, 0))] = True


def page_numbers(columns: Columns) -> list[float]:
    """The numbers of a page that the model weighs."""
    return [log1p(max(columns.values[row, 0], 0.0)) for row in columns.rows(NUMBERS)]


def standard_numbers(numbers: Sequence[float], shift: Sequence[float], scale: Sequence[float]) -> list[float]:
    """Numbers of a page in standard deviations from the mean of all pages, outliers cut."""
    return [
        min(max((number - mean) / deviation, -_OUTLIER), _OUTLIER)
        for number, mean, deviation in zip(numbers, shift, scale, strict=True)
    ]


def page_terms(layout: Layout, hints: Hints) -> set[str]:
    """The terms of a page, each with the letter of its place.

    `t` is a Schema.org type, `o` the Open Graph type, `p` a word of the address, `n` one of a class name, `f` the first
    one of a short block.
    """
    words = chain.from_iterable([name_words(container.names) for container in layout.containers])
    return _told_terms(layout, hints).union([f"n{word}" for word in words])


def _told_terms(layout: Layout, hints: Hints) -> set[str]:
    """The terms of a page that are no class names."""
    terms = _labels(layout.blocks)
    terms |= {f"t{name}" for name in hints.types} | {f"p{word}" for word in hints.path} | {f"o{hints.og_type}"}
    return terms if hints.path_depth else terms | {"p"}


def _labels(blocks: list[Block]) -> set[str]:
    """The terms of what the short blocks begin with."""
    found = set()
    for block in blocks:
        if block.words <= _LABEL_WORDS:
            found.add("f" + block.text.partition(" ")[0].lower())
    return found
