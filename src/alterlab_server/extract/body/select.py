"""Which blocks to keep, given the chance of each to be content."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from alterlab_server.extract.body.structure import Column

# A block has to reach this part of the chance of the page's best: what stands beside an article is either all content
# or none of it, while of a shop's front page each part may be. Chosen on pages that the chances were not fitted on.
_STANDING = {
    "article": 0.6, "documentation": 0.3, "forum": 0.3, "listing": 0.55, "collection": 0.35, "product": 0.65,
    "service": 0.2,
}  # fmt: skip
# The best chance of a page is the one above which this share of the expected content stands.
_BEST_SHARE = 0.2


def standing(types: Mapping[str, float]) -> float:
    """The part of the best chance that a block has to reach, given the chances of the page types."""
    return sum(chance * _STANDING[name] for name, chance in types.items())


def choose(words: Column, chances: Column, *, least: float = 0.0, strictness: float = 1.0) -> NDArray[np.bool_]:
    """The blocks whose choice promises the best F1 over words, of those that reach the part `least` of the best.

    With the blocks in the order of their chances, that is the prefix with the largest expected F1: an even threshold
    would take too little of pages on which nothing is certain. A `strictness` above 1 keeps less.
    """
    order = np.argsort(-chances, kind="stable")
    ordered = chances[order]
    taken = np.cumsum(words[order])
    hits = np.cumsum(ordered * words[order])
    promised = 2 * hits / (strictness * taken + hits[-1])
    best = np.interp(_BEST_SHARE * hits[-1], hits, ordered)
    reached = max(int((ordered >= least * best).sum()), 1)
    chosen = np.zeros(len(order), np.bool_)
    chosen[order[: int(promised[:reached].argmax()) + 1]] = True
    return chosen
