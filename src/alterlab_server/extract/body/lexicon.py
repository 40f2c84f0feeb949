"""How the words of a block and the names around it speak for or against content."""

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence

from alterlab_server.extract.body.blocks import Block
from alterlab_server.extract.body.columns import Column, column
from alterlab_server.extract.body.hashes import HASH_BEGIN, HashTable, hash_on, pair_hash, word_hash
from alterlab_server.extract.body.names import NameWords, name_words
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
_SHORTEST, _LONGEST, _PART = 8, 24, 4

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
        self._near, self._around = _NameWeights(of("c")), _NameWeights(of("a"))
        places = [of(f"t{level}") for level in range(_TAG_LEVELS)] + [of("T")]
        self._tags = array("d", [place.get(tag, 0.0) for tag in TAGS for place in places])

    def names(self, page: Structure) -> tuple[Column, Column]:
        """For each container what the names and tags close to it give, and what those anywhere around it give."""
        near, around = column(page.size), column(page.size)
        # What a container gives to those that stand right in it, and what its tag gives to those in these.
        inward, further = column(page.size), column(page.size)
        tags, words = self._tags, NameWords()
        for i in range(page.size):
            container = page.containers[i]
            words.read(container.names)
            own, far = self._near.added(words), self._around.added(words)
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


class _NameWeights:
    """What the words of class names weigh, those that are not known by the known words in them."""

    def __init__(self, weights: Terms) -> None:
        self._weights = HashTable({word_hash(word): [weight] for word, weight in weights.items()})

    def added(self, words: NameWords) -> float:
        """The weights of some words, added up."""
        total = 0.0
        for i in range(words.count):
            known = self._weights.find(words.hashes[i])
            if known >= 0:
                total += self._weights.at(known, 0)
            elif _SHORTEST <= words.ends[i] - words.starts[i] <= _LONGEST:
                total += self._parts(words, words.starts[i], words.ends[i])
        return total

    def _parts(self, words: NameWords, start: int, end: int) -> float:
        """The weights of the known words that a name is put together from, at each place the longest: `relatedposts`
        has two."""
        total = 0.0
        while start <= end - _PART:
            behind, longest, hashed = start + 1, -1, HASH_BEGIN
            for place in range(start, end):
                hashed = hash_on(hashed, words.letters[place])
                known = self._weights.find(hashed) if place - start >= _PART - 1 else -1
                if known >= 0:
                    behind, longest = place + 1, known
            if longest >= 0:
                total += self._weights.at(longest, 0)
            start = behind
        return total


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
