"""How the words of a block and the names around it speak for or against content."""

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from alterlab_server.extract.body.blocks import Block
from alterlab_server.extract.body.columns import Column, column
from alterlab_server.extract.body.hashes import HASH_BEGIN, HashTable, hash_on, pair_hash, word_hash
from alterlab_server.extract.body.names import name_words
from alterlab_server.extract.body.structure import TAGS, Structure

# Letters, and the signs that tell a price and a notice of copyright.
_WORD = re.compile(r"[^\W\d_]+|[©$€£]")
# The beginning of a block says what it is; reading all of a long one would cost time and change little.
_MAX_CHARACTERS = 80
# Blocks shorter than these count as short and as medium: "more" by itself says something else than in a sentence.
_SHORT, _MEDIUM = 8, 25
_SIZES = "sml"
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

        sizes = [of(f"w{size}") for size in _SIZES]
        words = dict.fromkeys(word for size in sizes for word in size)
        self._words = HashTable({word_hash(word): [size.get(word, 0.0) for size in sizes] for word in words})
        self._starts = HashTable({_start_hash(start): [weight] for start, weight in of("f").items()})
        near, around = _NameWords(of("c")), _NameWords(of("a"))

        @lru_cache(maxsize=20_000)  # the pages of a site, and many others, share names
        def score(names: str) -> tuple[float, float]:
            words = name_words(names)
            return near.added(words), around.added(words)

        self._score = score
        places = [of(f"t{level}") for level in range(_TAG_LEVELS)] + [of("T")]
        self._tags = array("d", [place.get(tag, 0.0) for tag in TAGS for place in places])

    def names(self, page: Structure) -> tuple[Column, Column]:
        """For each container what the names and tags close to it give, and what those anywhere around it give."""
        near, around = column(page.size), column(page.size)
        # What a container gives to those that stand right in it, and what its tag gives to those in these.
        inward, further = column(page.size), column(page.size)
        tags = self._tags
        for i in range(page.size):
            own, far = self._score(page.containers[i].names)
            tag = (_TAG_LEVELS + 1) * page.tags[i]
            near[i], around[i] = own + tags[tag], far + tags[tag + 3]
            inward[i], further[i] = own + tags[tag + 1], tags[tag + 2]
            if i:
                parent = page.parent[i]
                near[i] += inward[parent]
                around[i] += around[parent]
                inward[i] += further[parent]
        return near, around

    def texts(self, blocks: list[Block]) -> Column:
        """For each block what its words give."""
        scores = column(len(blocks))
        for i in range(len(blocks)):
            block = blocks[i]
            scores[i] = self._text(block.text[:_MAX_CHARACTERS].lower(), _SIZES.index(block_size(block)))
        return scores

    def _text(self, text: str, size: int) -> float:
        """What the words of a block give, which are found as `block_words` does; `size` is a place in _SIZES."""
        score, known, hashed, letters, start = 0.0, 0, HASH_BEGIN, 0, HASH_BEGIN
        for char in text + " ":
            if "a" <= char <= "z" or (char > "\x7f" and char.isalnum() and not char.isdecimal()):
                hashed = hash_on(hashed, ord(char))
                letters += 1
                continue
            if letters:
                score += self._words.weight(hashed, size) + self._start(known, start, hashed)
                start, hashed, letters = hashed, HASH_BEGIN, 0
                known += 1
            if char in "©$€£":
                hashed = hash_on(HASH_BEGIN, ord(char))
                score += self._words.weight(hashed, size) + self._start(known, start, hashed)
                start, hashed = hashed, HASH_BEGIN
                known += 1
        return score

    def _start(self, known: int, before: int, hashed: int) -> float:
        """What a word adds as the first of its block, or as the second after the one before."""
        if known == 0:
            return self._starts.weight(hashed, 0)
        return self._starts.weight(pair_hash(before, hashed), 0) if known == 1 else 0.0


def _start_hash(start: str) -> int:
    """The hash of the first word or two of a block."""
    first, _, second = start.partition(" ")
    return pair_hash(word_hash(first), word_hash(second)) if second else word_hash(first)


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


def block_words(block: Block) -> list[str]:
    """The lower-case words that a block begins with."""
    return _WORD.findall(block.text[:_MAX_CHARACTERS].lower())


def block_size(block: Block) -> str:
    """Whether a block is short, medium or long: s, m or l."""
    return "s" if block.words < _SHORT else "m" if block.words < _MEDIUM else "l"


def terms(blocks: Sequence[Block]) -> Iterator[list[str]]:
    """For each block all its terms, as they are written in the lexicon, as often as they count."""
    for block in blocks:
        words = block_words(block)
        chain = list(block.container.chain())
        found = [f"w{block_size(block)}{word}" for word in words]
        found += [f"f{' '.join(words[:count])}" for count in (1, 2) if len(words) >= count]
        found += [f"c{word}" for level in chain[:2] for word in name_words(level.names)]
        found += [f"t{place}{level.tag}" for place, level in enumerate(chain[:_TAG_LEVELS])]
        found += [f"a{word}" for level in chain for word in name_words(level.names)]
        yield found + [f"T{level.tag}" for level in chain]
