"""A second look: the chances of a block in the light of those around it."""

from collections.abc import Mapping

import numpy as np

from alterlab_server.extract.body.features import Column, Columns, last_true
from alterlab_server.extract.body.structure import Structure, running_sums

_OUTSIDE = -0.1


def second_columns(page: Structure, first: Mapping[str, Column], chances: Column) -> Columns:
    """The columns of the first look, and those that its chances give."""
    count = len(chances)
    weights = page.words + 0.3
    masses = chances * weights
    mass, weight = running_sums(masses), running_sums(weights)
    padded = np.concatenate([[_OUTSIDE] * 5, chances, [_OUTSIDE] * 5])
    heading = last_true(first["heading"] > 0)
    found = {
        "chance": chances,
        "before_2": padded[3:-7],
        "before": padded[4:-6],
        "after": padded[6:-4],
        "after_2": padded[7:-3],
        "best_before": np.max([padded[i : i + count] for i in range(5)], axis=0),
        "best_after": np.max([padded[i : i + count] for i in range(6, 11)], axis=0),
        "page": np.full(count, mass[-1] / weight[-1]),
        "page_best": np.full(count, chances.max()),
        "kept_before": mass[1:] / mass[-1],
        "heading_chance": np.where(heading < 0, _OUTSIDE, chances[heading]),
        **page.means(chances),
    }
    places = np.arange(count)
    for reach in (2, 5, 15):
        low, high = np.maximum(places - reach, 0), np.minimum(places + reach + 1, count)
        found[f"window_{reach}"] = (mass[high] - mass[low]) / (weight[high] - weight[low])
    for reach in (6, 20):
        low, high = np.maximum(places - reach, 0), np.minimum(places + reach + 1, count)
        found[f"mass_before_{reach}"] = (mass[places] - mass[low]) / (weight[places] - weight[low] + 1)
        found[f"mass_after_{reach}"] = (mass[high] - mass[places + 1]) / (weight[high] - weight[places + 1] + 1)
    return {**first, **found, **_best_container(page, mass, weight)}


def _best_container(page: Structure, mass: Column, weight: Column) -> Columns:
    """The container that alone would promise the best F1: how much, and whether a block is inside, before or after."""
    held, size = mass[page.end] - mass[page.start], weight[page.end] - weight[page.start]
    promised = 2 * held / (size + mass[-1])
    best = int(promised.argmax())
    places = np.arange(len(page.owner))
    side = np.where(places < page.start[best], -1.0, np.where(places >= page.end[best], 1.0, 0.0))
    return {
        "best_container": side,
        "best_promise": np.full(len(places), promised[best]),
        "promise_parent": promised[page.around[page.owner]],
    }
