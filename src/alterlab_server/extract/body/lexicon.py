"""How the words of a block and the names around it speak for or against content."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice

import orjson

from alterlab_server.extract.body.blocks import Block, Container

_WORD = re.compile(r"[^\W\d_]+|[©$€£]")
# The first words of a block say what it is; reading all of a long one would cost time and change little.
_MAX_WORDS, _MAX_CHARACTERS = 40, 400
# Blocks shorter than these count as short and as medium: "more" by itself says something else than in a sentence.
_SHORT, _MEDIUM = 8, 25
_TAG_LEVELS = 3

Terms = Mapping[str, float]


class Lexicon:
    """The log-odds of terms, by where they stand.

    A term is written as a letter for its place and its word: `ws`, `wm`, `wl` a word of a short, medium or long block;
    `f` the first word or two of a block; `c` a class name close by; `a` one anywhere around; `t0` to `t2` the tag of
    the block's container and of those around that; `T` a tag anywhere around.
    """

    def __init__(self, weights: Terms) -> None:
        def of(prefix: str) -> Terms:
            return {term[len(prefix) :]: weight for term, weight in weights.items() if term.startswith(prefix)}

        self.words = {size: of(f"w{size}") for size in "sml"}
        self.first, self.near, self.around, self.tags_around = of("f"), of("c"), of("a"), of("T")
        self.tags = [of(f"t{level}") for level in range(_TAG_LEVELS)]

    def weigh_containers(self, containers: list[Container]) -> None:
        """Set each container's lexical score: what the names and tags from the root down to it add up to."""
        names, tags = self.around, self.tags_around
        for container in containers:
            parent = container.parent
            score = tags.get(container.tag, 0.0)
            if parent is None:
                container.lexical = score
                continue
            if container.own:
                around = parent.words_around
                score += sum([names[word] for word in container.own if word in names and word not in around])
            container.lexical = parent.lexical + score

    def weigh_blocks(self, blocks: list[Block]) -> list[tuple[float, float, float]]:
        """For each block the log-odds that its words, the names close by and the names around it give."""
        near: dict[int, float] = {}
        rows = []
        for block in blocks:
            container = block.container
            key = id(container)
            if key not in near:
                near[key] = self._near(container)
            rows.append((self._text(block), near[key], container.lexical))
        return rows

    def _text(self, block: Block) -> float:
        found = block_words(block)
        known = self.words[block_size(block)]
        score = sum([known[word] for word in set(found) if word in known])
        return score + sum([self.first.get(start, 0.0) for start in beginnings(found)])

    def _near(self, container: Container) -> float:
        known = self.near
        score = sum([known[word] for word in close_names(container) if word in known])
        return score + sum(
            [tags.get(level.tag, 0.0) for tags, level in zip(self.tags, container.chain(), strict=False)]
        )


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with the package."""
    return Lexicon(orjson.loads(files(__package__).joinpath("lexicon.json").read_bytes()))


def block_words(block: Block) -> list[str]:
    """The lower-case words that a block begins with."""
    return _WORD.findall(block.text[:_MAX_CHARACTERS].lower())[:_MAX_WORDS]


def block_size(block: Block) -> str:
    """Whether a block is short, medium or long: s, m or l."""
    return "s" if block.words < _SHORT else "m" if block.words < _MEDIUM else "l"


def beginnings(words: list[str]) -> Iterable[str]:
    """The first word, and the first two."""
    return (words[0], " ".join(words[:2])) if words else ()


def close_names(container: Container) -> frozenset[str]:
    """The names of a container and of the one around it."""
    return container.own | container.parent.own if container.parent else container.own


def terms(block: Block) -> Iterator[str]:
    """All terms of a block, as they are written in the lexicon."""
    words, size, container = block_words(block), block_size(block), block.container
    yield from (f"w{size}{word}" for word in words)
    yield from (f"f{start}" for start in beginnings(words))
    yield from (f"c{word}" for word in close_names(container))
    yield from (f"t{i}{level.tag}" for i, level in enumerate(islice(container.chain(), _TAG_LEVELS)))
    yield from (f"a{word}" for word in container.words_around)
    yield from (f"T{level.tag}" for level in container.chain())
