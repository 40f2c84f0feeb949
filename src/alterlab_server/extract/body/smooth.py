"""A second look: the chances of a block in the light of those around it."""

from alterlab_server.extract.body.columns import Column, Columns, Values, column
from alterlab_server.extract.body.structure import LEVELS, Structure, inside, mean_chances, running_sums

_OUTSIDE = -0.1
# How many blocks away others are looked at: the nearest, on both sides together, and on each side.
_NEAREST = 5
_AROUND, _BESIDE = (2, 5, 15), (6, 20)
_NEAR = (
    "chance", "before_2", "before", "after", "after_2", "best_before", "best_after", "page", "page_best", "kept_before",
    "heading_chance", "container", "parent", "grandparent", "same",
)  # fmt: skip
_WINDOWS = tuple(f"window_{reach}" for reach in _AROUND)
_MASSES = tuple(f"mass_{side}_{reach}" for reach in _BESIDE for side in ("before", "after"))
_BEST = ("best_container", "best_promise", "promise_parent")
SECOND = _NEAR + _WINDOWS + _MASSES + _BEST


def write_second(page: Structure, columns: Columns, chances: Column) -> None:
    """Write the last columns, those of SECOND, given the chances that the first look gave."""
    at = len(columns.names) - len(SECOND)
    masses = column(page.count)
    for i in range(page.count):
        masses[i] = chances[i] * page.weights[i]
    mass, weight = running_sums(masses), running_sums(page.weights)
    _write_near(page, chances, mass, weight, columns.values, at)
    at += len(_NEAR)
    for reach in _AROUND:
        _write_window(page, mass, weight, reach, columns.values, at)
        at += 1
    for reach in _BESIDE:
        _write_masses(page, mass, weight, reach, columns.values, at)
        at += 2
    _write_best(page, masses, columns.values, at)


def _write_near(page: Structure, chances: Column, mass: Column, weight: Column, values: Values, at: int) -> None:
    count = page.count
    padded, best = column(count + 2 * _NEAREST), 0.0
    for i in range(_NEAREST):
        padded[i] = padded[count + _NEAREST + i] = _OUTSIDE
    for i in range(count):
        padded[_NEAREST + i] = chances[i]
        best = max(best, chances[i])
    means, alike = mean_chances(page, chances)
    for i in range(count):
        here, heading = _NEAREST + i, page.last_heading[i]
        before, after = _OUTSIDE, _OUTSIDE
        for step in range(1, _NEAREST + 1):
            before, after = max(before, padded[here - step]), max(after, padded[here + step])
        values[at, i] = chances[i]
        values[at + 1, i] = padded[here - 2]
        values[at + 2, i] = padded[here - 1]
        values[at + 3, i] = padded[here + 1]
        values[at + 4, i] = padded[here + 2]
        values[at + 5, i] = before
        values[at + 6, i] = after
        values[at + 7, i] = mass[count] / weight[count]
        values[at + 8, i] = best
        values[at + 9, i] = mass[i + 1] / mass[count]
        values[at + 10, i] = chances[heading] if heading >= 0 else _OUTSIDE
        for step in range(3):
            values[at + 11 + step, i] = means[page.levels[LEVELS * i + step]]
        values[at + 14, i] = alike[page.group[i]]


def _write_window(page: Structure, mass: Column, weight: Column, reach: int, values: Values, at: int) -> None:
    """The mean of what is around each block, within some reach."""
    for i in range(page.count):
        low, high = max(i - reach, 0), min(i + 1 + reach, page.count)
        values[at, i] = (mass[high] - mass[low]) / (weight[high] - weight[low])


def _write_masses(page: Structure, mass: Column, weight: Column, reach: int, values: Values, at: int) -> None:
    """The means of what is before and after each block, within some reach; little counts for less."""
    for i in range(page.count):
        low, high = max(i - reach, 0), min(i + 1 + reach, page.count)
        values[at, i] = (mass[i] - mass[low]) / (weight[i] - weight[low] + 1)
        values[at + 1, i] = (mass[high] - mass[i + 1]) / (weight[high] - weight[i + 1] + 1)


def _write_best(page: Structure, masses: Column, values: Values, at: int) -> None:
    """The container that alone would promise the best F1: how much, and whether a block is inside, before or after."""
    promised = inside(masses, page.start, page.end)
    everything, best = promised[0], 0
    for container in range(page.size):
        promised[container] = 2 * promised[container] / (page.held_weights[container] + everything)
        if promised[container] > promised[best]:
            best = container
    start, end = page.start[best], page.end[best]
    for i in range(page.count):
        values[at, i] = -1 if i < start else 1 if i >= end else 0
        values[at + 1, i] = promised[best]
        values[at + 2, i] = promised[page.levels[LEVELS * i + 1]]
