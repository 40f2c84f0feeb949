"""The tree of containers as columns of numbers."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from alterlab_server.extract.body.blocks import BLOCK_TAGS, Container, Layout
from alterlab_server.extract.body.columns import Column, Index

# The tags of containers; the outermost one is the page's body.
TAGS = ("body", *sorted(BLOCK_TAGS))
_TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}
# A container counts as one of several alike only when it holds about a teaser's words.
_TWIN_WORDS = 40
_SURE = 30.0
LEVELS = 4
# So much prose in a container speaks for it, for the one around it and for the one around that.
_NEAR = (0.2, 1.0, 0.5)


def logistic(odds: Column) -> Column:
    """The chances of log-odds, of which the lowest are cut: they would overflow."""
    chances: Column = 1 / (1 + np.exp(np.minimum(-odds, _SURE)))
    return chances


def running_sums(values: Column) -> Column:
    """The sum of the values before each place, and at the end of all."""
    sums = np.zeros(len(values) + 1)
    np.add.accumulate(values, out=sums[1:])
    return sums


def by_tag(values: Mapping[str, float], otherwise: float) -> Column:
    """Values for the numbers of all tags, of which some are given."""
    return np.array([values.get(tag, otherwise) for tag in TAGS])


def last_true(flags: NDArray[np.bool_], before: int) -> Index:
    """For each place the last one up to it that is true, another number before the first."""
    return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), before))


def integers(values: list[int]) -> Index:
    """A column of integers or flags."""
    return np.fromiter(values, np.intp, len(values))


_HEADING_LEVELS = by_tag({"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}, 0)


class Structure:
    """The containers that hold blocks, parents before children, and the blocks as columns.

    `owner` is the container of each block, `parents` and `around` the container around each container, the second
    without those that hold nothing else. What is inside of a container follows it, up to `behind`. `tags` are numbers
    of TAGS.
    """

    def __init__(self, layout: Layout) -> None:
        blocks = layout.blocks
        self.containers: list[Container] = [c for c in layout.containers if c.end > c.start]
        place = {container: index for index, container in enumerate(self.containers)}
        self.owner = integers([place[block.container] for block in blocks])
        self.parents = [-1, *[place[c.parent] for c in self.containers if c.parent]]
        self.parent: Index = np.maximum(integers(self.parents), 0)
        self.start = integers([c.start for c in self.containers])
        self.end = integers([c.end for c in self.containers])
        self.behind: Index = self.start.searchsorted(self.end)
        self.depth = integers([c.depth for c in self.containers])
        self.kinds = integers([len(c.kinds) for c in self.containers])
        twins = [c.parent.kinds[c.kind] if c.parent else 1 for c in self.containers]
        self.twins: Column = integers(twins).astype(float)
        self.tags = integers([_TAG_NUMBERS[c.tag] for c in self.containers])
        self.words: Column = integers([block.words for block in blocks]).astype(float)
        self.link_words: Column = integers([block.link_words for block in blocks]).astype(float)
        self.total = float(self.words.sum()) or 1.0
        self.h1 = next((i for i, block in enumerate(blocks) if block.container.tag == "h1"), -1)
        self.around = self._around()
        self.group = _groups([block.container for block in blocks])
        self.held_words = self.inside(self.words)
        # The container of each block, and three around it without those that hold nothing else.
        self.levels: list[Index] = [self.owner]
        while len(self.levels) < LEVELS:
            self.levels.append(self.around.take(self.levels[-1]))
        # The level of the heading that the container of a block is, or the one around it; 0 for none.
        levels = _HEADING_LEVELS.take(self.tags)
        self.heading: Column = np.where(levels > 0, levels, levels.take(self.parent)).take(self.owner)
        self._last_heading = last_true(self.heading > 0, -1)
        # For means over words, in which the blocks without any count a little.
        self.weights = self.words + 0.3
        self._held_weights = self.inside(self.weights)

    def _around(self) -> Index:
        parent = self.parent
        alone = (parent > 0) & (self.start == self.start.take(parent)) & (self.end == self.end.take(parent))
        outermost = np.where(alone, parent, np.arange(len(parent)))
        while ((further := outermost.take(outermost)) != outermost).any():
            outermost = further
        return parent.take(outermost)

    def tagged(self, tag: str) -> NDArray[np.bool_]:
        """Which containers have a tag."""
        which: NDArray[np.bool_] = self.tags == _TAG_NUMBERS[tag]
        return which

    def of_last_heading(self, values: Column, otherwise: float) -> Column:
        """For each block the value of the heading that it stands under or is."""
        return np.where(self._last_heading < 0, otherwise, values.take(self._last_heading))

    def inside(self, values: Column) -> Column:
        """For each container the sum of its blocks' values."""
        sums = running_sums(values)
        held: Column = sums.take(self.end) - sums.take(self.start)
        return held

    def main_prose(self, prose: Column) -> int:
        """The container that most prose stands in or near."""
        mass = np.zeros(len(self.parent))
        level = self.owner
        for share in _NEAR:
            mass += share * np.bincount(level, prose, len(mass))
            level = self.parent.take(level)
        return int(mass.argmax())

    def path_to(self, target: int) -> tuple[Column, Column]:
        """For each container the steps from the target up to what holds both, and from there down to it."""
        places = np.arange(len(self.parent))
        on_path = ((places <= target) & (target < self.behind)).astype(float)
        shared = (on_path - np.bincount(self.behind, on_path, len(places) + 1)[:-1]).cumsum()
        return shared[target] - shared, self.depth - shared + 1

    def repeated(self) -> tuple[Column, Column]:
        """Of the container or one around it that has most siblings alike: how many, and its share of the words."""
        candidate = (self.held_words >= _TWIN_WORDS) & (self.twins > 1)
        which = [0] * len(self.parent)
        twins, behind = self.twins.tolist(), self.behind.tolist()
        for index in candidate.nonzero()[0].tolist():
            if twins[index] >= twins[which[index]]:
                which[index : behind[index]] = [index] * (behind[index] - index)
        share = np.where(candidate, self.held_words / self.total, 0.0)
        return self.twins.take(which), share.take(which)

    def means(self, values: Column) -> dict[str, Column]:
        """For each block the mean of the values in its container, in the two around it, and in its group."""
        masses = values * self.weights
        means = self.inside(masses) / self._held_weights
        container, parent, grandparent, _ = self.levels
        same = np.bincount(self.group, masses) / np.bincount(self.group, self.weights)
        return {
            "container": means.take(container),
            "parent": means.take(parent),
            "grandparent": means.take(grandparent),
            "same": same.take(self.group),
        }


def _groups(containers: list[Container]) -> Index:
    """For each container the number of its kind, within its kind of parent and grandparent."""
    numbers: dict[tuple[int, int, int], int] = {}
    group = []
    for container in containers:
        parent = container.parent or container
        key = (container.kind, parent.kind, parent.parent.kind if parent.parent else 0)
        group.append(numbers.setdefault(key, len(numbers)))
    return integers(group)
