"""The tree of containers as columns of numbers."""

from math import exp

from alterlab_server.extract.body.blocks import BLOCK_TAGS, Block, Container, Layout
from alterlab_server.extract.body.columns import Column, Index, column, index

# The tags of containers; the outermost one is the page's body.
TAGS = ("body", *sorted(BLOCK_TAGS))
TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}
_HEADING_LEVELS = index(len(TAGS))
for _level in range(1, 7):
    _HEADING_LEVELS[TAG_NUMBERS[f"h{_level}"]] = _level
_SURE = 30.0
LEVELS = 4


class Structure:
    """The containers that hold blocks, parents before children, and the blocks as columns.

    `owner` is the container of each block, `parent` and `around` the container around each container, the second
    without those that hold nothing else; the outermost is around itself. What is inside of a container follows it, up
    to `behind`. `tags` are numbers of TAGS. `levels` has, LEVELS to a block, its container and those around that
    without those that hold nothing else. `heading` is the level of the heading that a block is or stands right in, 0
    for none, and `last_heading` the last block up to it that has one, -1 before the first. `group` is the number of the
    kind of a block's container, within the kinds of the two around it, and `groups` how many such there are. `roles`
    has the ARIA roles, each with the number of its container.
    """

    def __init__(self, layout: Layout) -> None:
        self.containers = _holding(layout.containers)
        self.count, self.size = len(layout.blocks), len(self.containers)
        self._read_containers()
        self._read_blocks(layout.blocks)
        self._derive()

    def _read_containers(self) -> None:
        self.parent, self.start, self.end = index(self.size), index(self.size), index(self.size)
        self.depth, self.kinds, self.twins = index(self.size), index(self.size), index(self.size)
        self.tags, self.roles = index(self.size), []
        for place in range(self.size):
            container = self.containers[place]
            parent = container.parent
            self.start[place], self.end[place], self.depth[place] = container.start, container.end, container.depth
            self.tags[place], self.kinds[place] = TAG_NUMBERS[container.tag], len(container.kinds)
            self.parent[place] = 0 if parent is None else parent.place
            self.twins[place] = 1 if parent is None else parent.kinds[container.kind]
            if container.role:
                self.roles.append((place, container.role))

    def _read_blocks(self, blocks: list[Block]) -> None:
        self.owner, self.group, self.h1 = index(self.count), index(self.count), -1
        self.words, self.link_words = column(self.count), column(self.count)
        numbers: dict[tuple[int, int, int], int] = {}
        for i in range(self.count):
            block = blocks[i]
            container = block.container
            self.owner[i], self.words[i], self.link_words[i] = container.place, block.words, block.link_words
            if self.h1 < 0 and container.tag == "h1":
                self.h1 = i
            parent = container.parent or container
            key = (container.kind, parent.kind, parent.parent.kind if parent.parent is not None else 0)
            self.group[i] = numbers.setdefault(key, len(numbers))
        self.groups = len(numbers)

    def _derive(self) -> None:
        """What follows from the columns that were read."""
        self.behind: Index = _behind(self.start, self.end)
        self.around: Index = _around(self.parent, self.start, self.end)
        self.levels: Index = _levels(self.owner, self.around, LEVELS)
        self.held_words = inside(self.words, self.start, self.end)
        self.total = self.held_words[0] or 1.0
        # For means over words, in which the blocks without any count a little.
        self.weights: Column = column(self.count)
        for i in range(self.count):
            self.weights[i] = self.words[i] + 0.3
        self.held_weights = inside(self.weights, self.start, self.end)
        self.heading, self.last_heading = index(self.count), index(self.count)
        _headings(self.owner, self.parent, self.tags, self.heading, self.last_heading)

    def tagged(self, tag: str) -> list[int]:
        """The containers that have a tag."""
        number = TAG_NUMBERS[tag]
        return [place for place, tag_number in enumerate(self.tags) if tag_number == number]


def _holding(containers: list[Container]) -> list[Container]:
    """The containers that hold blocks, each told its place among them."""
    held: list[Container] = []
    for container in containers:
        if container.end > container.start:
            container.place = len(held)
            held.append(container)
    return held


def running_sums(values: Column) -> Column:
    """The sum of the values before each place, and at the end of all."""
    count = len(values)
    sums, total = column(count + 1), 0.0
    for i in range(count):
        total += values[i]
        sums[i + 1] = total
    return sums


def inside(values: Column, start: Index, end: Index) -> Column:
    """For each container the sum of its blocks' values."""
    before, held = running_sums(values), column(len(start))
    for i in range(len(start)):
        held[i] = before[end[i]] - before[start[i]]
    return held


def logistic(odds: float) -> float:
    """The chance of log-odds, of which the lowest are cut: they would overflow."""
    return 1 / (1 + exp(min(-odds, _SURE)))


def mean_chances(page: Structure, chances: Column) -> tuple[Column, Column]:
    """The mean over words of the chances in each container, and in each group of blocks."""
    masses, alike, weight = column(page.count), column(page.groups), column(page.groups)
    for i in range(page.count):
        masses[i] = chances[i] * page.weights[i]
        alike[page.group[i]] += masses[i]
        weight[page.group[i]] += page.weights[i]
    means = inside(masses, page.start, page.end)
    for i in range(page.size):
        means[i] /= page.held_weights[i]
    for i in range(page.groups):
        alike[i] /= weight[i]
    return means, alike


def _behind(start: Index, end: Index) -> Index:
    """For each container the first that begins where it has ended."""
    count = len(start)
    behind = index(count)
    for i in range(count):
        low, high = i, count
        while low < high:
            middle = (low + high) // 2
            if start[middle] < end[i]:
                low = middle + 1
            else:
                high = middle
        behind[i] = low
    return behind


def _around(parent: Index, start: Index, end: Index) -> Index:
    count = len(parent)
    around, outermost = index(count), index(count)
    for i in range(count):
        above = parent[i]
        alone = above > 0 and start[i] == start[above] and end[i] == end[above]
        outermost[i] = outermost[above] if alone else i
        around[i] = parent[outermost[i]]
    return around


def _levels(owner: Index, around: Index, levels: int) -> Index:
    count = len(owner)
    found = index(levels * count)
    for i in range(count):
        container = owner[i]
        for step in range(levels):
            found[levels * i + step] = container
            container = around[container]
    return found


def _headings(owner: Index, parent: Index, tags: Index, heading: Index, last_heading: Index) -> None:
    levels = _HEADING_LEVELS
    last = -1
    for i in range(len(owner)):
        container = owner[i]
        level = levels[tags[container]] or levels[tags[parent[container]]]
        if level:
            last = i
        heading[i], last_heading[i] = level, last
