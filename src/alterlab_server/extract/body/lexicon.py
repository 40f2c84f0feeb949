"""How the words of a block and the names around it speak for or against content."""

import re
from collections.abc import Iterator, Mapping

from alterlab_server.extract.body.blocks import Block, Container

_WORD = re.compile(r"[^\W\d_]+|[©$€£]")
# The first words of a block say what it is; reading all of a long one would cost time and change little.
_MAX_WORDS = 40


def text_terms(block: Block) -> Iterator[str]:
    """The words of a block, told apart by its length, and the words it begins with."""
    words = _WORD.findall(block.text[:400].lower())[:_MAX_WORDS]
    size = "s" if block.words < 8 else "m" if block.words < 25 else "l"
    for word in set(words):
        yield f"w{size}{word}"
    if words:
        yield f"f{words[0]}"
        yield f"f{' '.join(words[:2])}"


def place_terms(container: Container) -> Iterator[str]:
    """The names and tags close to a block: its container's and the one's around that."""
    parent = container.parent
    yield from (f"c{word}" for word in (container.own | parent.own if parent else container.own))
    for distance, level in zip(range(3), container.chain(), strict=False):
        yield f"t{distance}{level.tag}"


def new_terms(container: Container) -> Iterator[str]:
    """The names that a container adds to those around it, and its tag."""
    around = container.parent.words_around if container.parent else frozenset[str]()
    yield from (f"a{word}" for word in container.own - around)
    yield f"T{container.tag}"


def weigh_containers(containers: list[Container], weights: Mapping[str, float]) -> None:
    """Set each container's lexical score: what the names and tags from the root down to it add up to."""
    for container in containers:
        above = container.parent.lexical if container.parent else 0.0
        container.lexical = above + sum(weights.get(term, 0.0) for term in new_terms(container))


def weigh_blocks(blocks: list[Block], weights: Mapping[str, float]) -> list[tuple[float, float, float]]:
    """For each block the log-odds that its words, the names close by and the names around it give."""
    near: dict[int, float] = {}
    rows = []
    for block in blocks:
        key = id(block.container)
        if key not in near:
            near[key] = sum(weights.get(term, 0.0) for term in place_terms(block.container))
        words = sum(weights.get(term, 0.0) for term in text_terms(block))
        rows.append((words, near[key], block.container.lexical))
    return rows
