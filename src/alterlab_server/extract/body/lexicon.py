"""How the words of a block and the names around it speak for or against content."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from alterlab_server.extract.body.blocks import Block, Container
from alterlab_server.extract.body.names import name_words

# Letters, and the signs that tell a price and a notice of copyright.
_WORD = re.compile(r"[^\W\d_]+|[©$€£]")
# What ASCII text is written as before it is split, which is quicker: in each line all but these become spaces.
_LETTERS = bytes(code if chr(code).isalpha() or chr(code) in "$\n" else ord(" ") for code in range(128)).ljust(256)
# The beginning of a block says what it is; reading all of a long one would cost time and change little.
_MAX_CHARACTERS = 80
# Blocks shorter than these count as short and as medium: "more" by itself says something else than in a sentence.
_SHORT, _MEDIUM = 8, 25
_TAG_LEVELS = 3
# Class names as long as this are searched for known words, each of this many letters at least.
_COMPOUND, _PART = range(8, 25), 4

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
        near, around = _NameWords(of("c")), _NameWords(of("a"))
        # By first word what a second one adds; an empty one stands for the first by itself.
        self.starts: dict[str, dict[str, float]] = {}
        for term, weight in of("f").items():
            first, _, second = term.partition(" ")
            self.starts.setdefault(first, {})[second] = weight

        @lru_cache(maxsize=20_000)  # the pages of a site, and many others, share names
        def score(names: str) -> tuple[float, float]:
            words = name_words(names)
            return near.added(words), around.added(words)

        self._score = score
        places = [of(f"t{level}") for level in range(_TAG_LEVELS)] + [of("T")]
        self.tags = {tag: [place.get(tag, 0.0) for place in places] for tag in set().union(*places)}

    def names(self, containers: Sequence[Container], parents: Sequence[int]) -> tuple[list[float], list[float]]:
        """For each container what the names and tags close to it give, and what those anywhere around it give."""
        nothing = [0.0] * (_TAG_LEVELS + 1)
        near: list[float] = []
        around: list[float] = []
        # What a container gives to those that stand right in it, and what its tag gives to those in these.
        inward: list[float] = []
        further: list[float] = []
        named = map(self._score, [container.names for container in containers])
        tagged = [self.tags.get(container.tag, nothing) for container in containers]
        for (own, far), (first, second, third, anywhere), parent in zip(named, tagged, parents, strict=True):
            further.append(third)
            if parent >= 0:
                near.append(own + first + inward[parent])
                around.append(around[parent] + far + anywhere)
                inward.append(own + second + further[parent])
            else:
                near.append(own + first)
                around.append(far + anywhere)
                inward.append(own + second)
        return near, around

    def texts(self, blocks: Sequence[Block]) -> list[float]:
        """For each block what its words give."""
        scores = []
        short, medium, long = (self.words[size].get for size in "sml")
        starts = self.starts
        for block, words in zip(blocks, block_words(blocks), strict=True):
            known = short if block.words < _SHORT else medium if block.words < _MEDIUM else long
            score = sum(filter(None, map(known, words)))
            if words and words[0] in starts:
                start = starts[words[0]]
                score += start.get("", 0.0)
                if len(words) > 1:
                    score += start.get(words[1], 0.0)
            scores.append(score)
        return scores


class _NameWords:
    """What the words of class names weigh, those that are not known by the known words in them."""

    def __init__(self, weights: Terms) -> None:
        self._weights = weights
        self._heads = frozenset(word[:_PART] for word in weights)
        self._weighed = lru_cache(maxsize=20_000)(self._weigh)

    def added(self, words: Iterable[str]) -> float:
        """The weights of some words, added up."""
        return sum([weight for word in words for weight in self._weighed(word)])

    def _weigh(self, word: str) -> tuple[float, ...]:
        if word in self._weights:
            return (self._weights[word],)
        return tuple(self._weights[part] for part in self._parts(word)) if len(word) in _COMPOUND else ()

    def _parts(self, word: str) -> Iterator[str]:
        """The known words that a name is put together from, at each place the longest: `relatedposts` has two."""
        start = 0
        while start <= len(word) - _PART:
            ends = range(len(word), start + _PART - 1, -1) if word[start : start + _PART] in self._heads else ()
            end = next((end for end in ends if word[start:end] in self._weights), None)
            if end:
                yield word[start:end]
            start = end or start + 1


def block_words(blocks: Sequence[Block]) -> list[list[str]]:
    """For each of some blocks the lower-case words that it begins with."""
    beginnings = [block.text[:_MAX_CHARACTERS].lower() for block in blocks]
    simple = "\n".join([text for text in beginnings if text.isascii()]).replace("$", " $ ")
    lines = iter(simple.encode().translate(_LETTERS).decode().split("\n"))
    return [next(lines).split() if text.isascii() else _WORD.findall(text) for text in beginnings]


def block_size(block: Block) -> str:
    """Whether a block is short, medium or long: s, m or l."""
    return "s" if block.words < _SHORT else "m" if block.words < _MEDIUM else "l"


def terms(blocks: Sequence[Block]) -> Iterator[list[str]]:
    """For each block all its terms, as they are written in the lexicon, as often as they count."""
    for block, words in zip(blocks, block_words(blocks), strict=True):
        chain = list(block.container.chain())
        found = [f"w{block_size(block)}{word}" for word in words]
        found += [f"f{' '.join(words[:count])}" for count in (1, 2) if len(words) >= count]
        found += [f"c{word}" for level in chain[:2] for word in name_words(level.names)]
        found += [f"t{place}{level.tag}" for place, level in enumerate(chain[:_TAG_LEVELS])]
        found += [f"a{word}" for level in chain for word in name_words(level.names)]
        yield found + [f"T{level.tag}" for level in chain]
