"""Which blocks to keep, given the chance of each to be content."""

from collections.abc import Sequence

from alterlab_server.extract.body.blocks import Block


def choose(blocks: Sequence[Block], chances: Sequence[float], *, strictness: float = 1.0) -> list[bool]:
    """The blocks whose choice promises the best F1 over words.

    With the blocks in the order of their chances, that is the prefix with the largest expected F1: an even threshold
    would take too little of pages on which nothing is certain. A `strictness` above 1 keeps less.
    """
    order = sorted(range(len(blocks)), key=lambda index: -chances[index])
    wanted = sum(chances[index] * blocks[index].words for index in order)
    best, kept, taken, hits = 0.0, 0, 0, 0.0
    for count, index in enumerate(order, 1):
        taken += blocks[index].words
        hits += chances[index] * blocks[index].words
        promised = 2 * hits / (strictness * taken + wanted)
        if promised > best:
            best, kept = promised, count
    chosen = [False] * len(blocks)
    for index in order[:kept]:
        chosen[index] = True
    return chosen
