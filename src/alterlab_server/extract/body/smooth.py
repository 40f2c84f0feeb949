"""A second look: the chances of a block in the light of those around it."""

import numpy as np

from alterlab_server.extract.body.columns import Column, Columns
from alterlab_server.extract.body.structure import Structure, running_sums

_OUTSIDE = -0.1
# How many blocks away others are looked at, on both sides together and on each side.
_AROUND, _BESIDE = (2, 5, 15), (6, 20)
_REACHES = np.array([*_AROUND, *_BESIDE])[:, None]


def second_columns(page: Structure, first: Columns, chances: Column) -> Columns:
    """The columns of the first look, and those that its chances give."""
    count = len(chances)
    mass, weight = running_sums(chances * page.weights), running_sums(page.weights)
    padded = np.concatenate([[_OUTSIDE] * 5, chances, [_OUTSIDE] * 5])
    best_of_2 = np.maximum(padded[:-1], padded[1:])
    best_of_5 = np.maximum(np.maximum(best_of_2[:-3], best_of_2[2:-1]), padded[4:])
    found = {
        "chance": chances,
        "before_2": padded[3:-7],
        "before": padded[4:-6],
        "after": padded[6:-4],
        "after_2": padded[7:-3],
        "best_before": best_of_5[:count],
        "best_after": best_of_5[6:],
        "page": np.full(count, mass[-1] / weight[-1]),
        "page_best": np.full(count, chances.max()),
        "kept_before": mass[1:] / mass[-1],
        "heading_chance": page.of_last_heading(chances, _OUTSIDE),
    }
    found |= page.means(chances) | _windows(mass, weight) | _best_container(page, mass, weight)
    return Columns.of(first, found)


def _windows(mass: Column, weight: Column) -> dict[str, Column]:
    """The means of what is around each block, and of what is before and after it, within some reach."""
    count = len(mass) - 1
    low = np.maximum(np.arange(count) - _REACHES, 0)
    high = np.minimum(np.arange(1, count + 1) + _REACHES, count)
    mass_low, mass_high, weight_low, weight_high = mass.take(low), mass.take(high), weight.take(low), weight.take(high)
    around = (mass_high - mass_low) / (weight_high - weight_low)
    before = (mass[:-1] - mass_low) / (weight[:-1] - weight_low + 1)
    after = (mass_high - mass[1:]) / (weight_high - weight[1:] + 1)
    found = {f"window_{reach}": around[row] for row, reach in enumerate(_AROUND)}
    for row, reach in enumerate(_BESIDE, start=len(_AROUND)):
        found |= {f"mass_before_{reach}": before[row], f"mass_after_{reach}": after[row]}
    return found


def _best_container(page: Structure, mass: Column, weight: Column) -> dict[str, Column]:
    """The container that alone would promise the best F1: how much, and whether a block is inside, before or after."""
    held, size = mass.take(page.end) - mass.take(page.start), weight.take(page.end) - weight.take(page.start)
    promised = 2 * held / (size + mass[-1])
    best = int(promised.argmax())
    places = np.arange(len(page.owner))
    side = np.where(places < page.start[best], -1.0, np.where(places >= page.end[best], 1.0, 0.0))
    return {
        "best_container": side,
        "best_promise": np.full(len(places), promised[best]),
        "promise_parent": promised.take(page.levels[1]),
    }
