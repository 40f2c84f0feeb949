"""The tree of containers as columns of numbers."""

import numpy as np
from numpy.typing import NDArray

from alterlab_server.extract.body.blocks import Container, Layout

Column = NDArray[np.floating]
Index = NDArray[np.intp]

# A container counts as one of several alike only when it holds about a teaser's words.
_TWIN_WORDS = 40
_SURE = 30.0
# So much prose in a container speaks for it, for the one around it and for the one around that.
_NEAR = (0.2, 1.0, 0.5)


def logistic(odds: Column) -> Column:
    """The chances of log-odds, which are cut where they would overflow."""
    chances: Column = 1 / (1 + np.exp(-np.minimum(np.maximum(odds, -_SURE), _SURE)))
    return chances


def running_sums(values: Column) -> Column:
    """The sum of the values before each place, and at the end of all."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, out=sums[1:])
    return sums


class Structure:
    """The containers that hold blocks, parents before children, and the blocks as columns.

    `owner` is the container of each block, `parents` and `around` the container around each container, the second
    without those that hold nothing else.
    """

    def __init__(self, layout: Layout) -> None:
        blocks = layout.blocks
        self.containers: list[Container] = [c for c in layout.containers if c.end > c.start]
        place = {container: index for index, container in enumerate(self.containers)}
        self.owner: Index = np.array([place[block.container] for block in blocks], np.intp)
        self.parents = [-1, *[place[c.parent] for c in self.containers if c.parent]]
        self.parent: Index = np.maximum(np.array(self.parents, np.intp), 0)
        self.start: Index = np.array([c.start for c in self.containers], np.intp)
        self.end: Index = np.array([c.end for c in self.containers], np.intp)
        self.depth: Column = np.array([c.depth for c in self.containers], float)
        self.kinds: Column = np.array([len(c.kinds) for c in self.containers], float)
        self.twins: Column = np.array([c.parent.kinds[c.kind] if c.parent else 1 for c in self.containers], float)
        self.words: Column = np.array([block.words for block in blocks], float)
        self.link_words: Column = np.array([block.link_words for block in blocks], float)
        self.total = float(self.words.sum()) or 1.0
        self.h1 = next((i for i, block in enumerate(blocks) if block.container.tag == "h1"), -1)
        self.around = self._around()
        self.group = _groups([block.container for block in blocks])

    def _around(self) -> Index:
        start, end = self.start.tolist(), self.end.tolist()
        outermost = list(range(len(start)))
        for index, parent in enumerate(self.parents):
            if parent > 0 and start[parent] == start[index] and end[parent] == end[index]:
                outermost[index] = outermost[parent]
        return self.parent[np.array(outermost, np.intp)]

    def inside(self, values: Column) -> Column:
        """For each container the sum of its blocks' values."""
        sums = running_sums(values)
        held: Column = sums[self.end] - sums[self.start]
        return held

    def main_prose(self, prose: Column) -> int:
        """The container that most prose stands in or near."""
        mass = np.zeros(len(self.parents))
        level = self.owner
        for share in _NEAR:
            mass += share * np.bincount(level, prose, len(mass))
            level = self.parent[level]
        return int(mass.argmax())

    def path_to(self, target: int) -> tuple[Column, Column]:
        """For each container the steps from the target up to what holds both, and from there down to it."""
        chain = [target]
        while self.parents[chain[-1]] >= 0:
            chain.append(self.parents[chain[-1]])
        held = (
            (self.start >= self.start[chain, None])
            & (self.end <= self.end[chain, None])
            & (self.depth >= self.depth[chain, None])
        )
        above = len(chain) - held.sum(0)
        return above.astype(float), self.depth - self.depth[chain][above]

    def repeated(self) -> tuple[Column, Column]:
        """Of the container or one around it that has most siblings alike: how many, and its share of the words."""
        words = self.inside(self.words)
        candidate = (words >= _TWIN_WORDS) & (self.twins > 1)
        twins = self.twins.tolist()
        which: list[int] = []
        for index, (parent, may) in enumerate(zip(self.parents, candidate.tolist(), strict=True)):
            best = which[parent] if parent >= 0 else 0
            which.append(index if may and twins[index] >= twins[best] else best)
        share = np.where(candidate, words / self.total, 0.0)
        return self.twins[which], share[which]

    def means(self, values: Column) -> dict[str, Column]:
        """For each block the mean of the values in its container, in the two around it, and in its group."""
        weights = self.words + 0.3
        masses = values * weights
        container = self.owner
        parent = self.around[container]
        found: dict[str, Column] = {}
        mass, weight = self.inside(masses), self.inside(weights)
        for name, level in (("container", container), ("parent", parent), ("grandparent", self.around[parent])):
            found[name] = mass[level] / weight[level]
        same = np.bincount(self.group, masses) / np.bincount(self.group, weights)
        return found | {"same": same[self.group]}


def _groups(containers: list[Container]) -> Index:
    """For each container the number of its kind, within its kind of parent and grandparent."""
    numbers: dict[tuple[int, int, int], int] = {}
    group = []
    for container in containers:
        parent = container.parent or container
        key = (container.kind, parent.kind, parent.parent.kind if parent.parent else 0)
        group.append(numbers.setdefault(key, len(numbers)))
    return np.array(group, np.intp)
