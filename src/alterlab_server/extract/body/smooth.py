"""A second look: the chances of a block in the light of those around it."""

from collections.abc import Sequence

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.features import groups_of, mean_by

SECOND_FEATURES = (
    "chance", "before_2", "before", "after", "after_2", "window_2", "window_5", "window_15",
    "container", "parent", "grandparent", "same", "page", "page_best", "kept_before", "best_before", "best_after",
)  # fmt: skip
_OUTSIDE = -0.1


def second_features(layout: Layout, chances: Sequence[float]) -> list[list[float]]:
    """One row of numbers a block, in the order of SECOND_FEATURES."""
    blocks = layout.blocks
    count = len(blocks)
    weights = [block.words + 0.3 for block in blocks]
    masses = [chance * weight for chance, weight in zip(chances, weights, strict=True)]
    mass_sums, weight_sums = _running(masses), _running(weights)
    groups = [mean_by(keys, blocks, chances) for keys in groups_of(layout)]
    padded = [_OUTSIDE] * 5 + list(chances) + [_OUTSIDE] * 5
    page, best, all_mass = mass_sums[-1] / weight_sums[-1], max(chances), mass_sums[-1] or 1.0

    def window(index: int, reach: int) -> float:
        first, last = max(0, index - reach), min(count, index + reach + 1)
        return (mass_sums[last] - mass_sums[first]) / (weight_sums[last] - weight_sums[first])

    return [
        [
            chances[i], padded[i + 3], padded[i + 4], padded[i + 6], padded[i + 7],
            window(i, 2), window(i, 5), window(i, 15), *(group[i] for group in groups), page, best,
            mass_sums[i + 1] / all_mass, max(padded[i : i + 5]), max(padded[i + 6 : i + 11]),
        ]
        for i in range(count)
    ]  # fmt: skip


def _running(values: Sequence[float]) -> list[float]:
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums
