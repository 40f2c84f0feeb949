"""Which blocks to keep, given the chance of each to be content."""

import numpy as np
from numpy.typing import NDArray

from alterlab_server.extract.body.columns import Column
from alterlab_server.extract.body.structure import Structure

# What a block has to reach, as a part of the chance of the page's best, in the main container and outside of it, and
# how much more on a page that is surely an article: what stands beside one reads like it and is none of it, while a
# shop's front page has content in many places. Chosen on pages that the chances were not fitted on.
_INSIDE, _MORE_INSIDE = 0.45, 0.15
_OUTSIDE, _MORE_OUTSIDE = 0.65, 0.25
# Blocks that are links by so large a share of their words, and shorter than this on average, are a menu: on labelled
# pages the links of a listing, being headlines, have 7 words and more.
_MENU_LINKS, _MENU_WORDS = 0.95, 4
# A menu that is so much of a page is its content: of the indexes of Python's documentation it is 0.63 and more.
_INDEX = 0.6
# The best chance of a page is the one above which this share of the expected content stands.
_BEST_SHARE = 0.2


def choose(page: Structure, chances: Column, *, article: float = 0.0, strictness: float = 1.0) -> NDArray[np.bool_]:
    """The blocks whose choice promises the best F1 over words, of those that stand near the page's best.

    With the blocks in the order of their chances, that is the prefix with the largest expected F1: an even threshold
    would take too little of pages on which nothing is certain. `article` is the chance that the page is one; a
    `strictness` above 1 keeps less. A menu is chosen only where it is most of the page, or all.
    """
    chosen = _promising(page, chances, article, strictness)
    words, links = page.words[chosen].sum(), page.link_words[chosen].sum()
    if links > _MENU_LINKS * words and words < min(_MENU_WORDS * chosen.sum(), _INDEX * page.total):
        others = np.where(page.link_words > _MENU_LINKS * page.words, 0.0, chances)
        if others.any():
            return _promising(page, others, article, strictness)
    return chosen


def _promising(page: Structure, chances: Column, article: float, strictness: float) -> NDArray[np.bool_]:
    # Squared, so that a doubtful article is hardly treated as one.
    certain = article**2
    best = best_chance(page.words, chances)
    beside = _beside(page, chances ** (1 + certain)) & (chances < (_OUTSIDE + _MORE_OUTSIDE * certain) * best)
    chances = np.where(beside, 0.0, chances)
    order = (-chances).argsort(kind="stable")
    ordered, words = chances.take(order), page.words.take(order)
    hits = (ordered * words).cumsum()
    promised = 2 * hits / (strictness * words.cumsum() + hits[-1])
    reached = max(int((ordered >= (_INSIDE + _MORE_INSIDE * certain) * best).sum()), 1)
    chosen = np.zeros(len(order), np.bool_)
    chosen[order[: int(promised[:reached].argmax()) + 1]] = True
    return chosen


def best_chance(words: Column, chances: Column) -> float:
    """The chance above which a fifth of the expected content stands."""
    order = (-chances).argsort(kind="stable")
    hits = (chances * words).take(order).cumsum()
    return float(np.interp(_BEST_SHARE * hits[-1], hits, chances.take(order)))


def _beside(page: Structure, chances: Column) -> NDArray[np.bool_]:
    """Whether a block is outside of the main container, the one that alone would promise the best F1."""
    held = page.inside(chances * page.words)
    main = int((held / (page.held_words + held[0])).argmax())
    places = np.arange(len(chances))
    beside: NDArray[np.bool_] = (places < page.start[main]) | (places >= page.end[main])
    return beside
