"""The learned judge of blocks: a lexicon and two small sets of decision trees.

Both were fitted by bench/train_body.py on pages whose content people had marked; docs/extraction.md says which.
"""

from math import exp

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.features import features
from alterlab_server.extract.body.lexicon import lexicon
from alterlab_server.extract.body.smooth import second_features
from alterlab_server.extract.body.trees import first_look, second_look


def content_chances(layout: Layout, title: str, og_type: str) -> list[float]:
    """For each block the chance that a reader would call it content."""
    rows = features(layout, lexicon(), title, og_type)
    if not rows:
        return []
    chances = [_chance(first_look(row)) for row in rows]
    return [_chance(second_look(row)) for row in second_features(layout, chances)]


def _chance(log_odds: float) -> float:
    return 1 / (1 + exp(-min(max(log_odds, -30.0), 30.0)))
