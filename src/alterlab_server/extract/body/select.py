"""Which blocks to keep, given the chance of each to be content."""

from alterlab_server.extract.body.columns import Column, column
from alterlab_server.extract.body.structure import Structure, inside

# What a block has to reach, as a part of the chance of the page's best, in the main container and outside of it, and
# how much more on a page that is surely an article: what stands beside one reads like it and is none of it, while a
# shop's front page has content in many places. Chosen on pages that the chances were not fitted on.
_INSIDE, _MORE_INSIDE = 0.45, 0.15
_OUTSIDE, _MORE_OUTSIDE = 0.65, 0.25
# Blocks that are links by so large a share of their words, and shorter than this on average, are a menu: on labelled
# pages the links of a listing, being headlines, have 7 words and more.
_MENU_LINKS, _MENU_WORDS = 0.95, 4
# A menu that is so much of a page is its content: of the indexes of Python's documentation it is 0.63 and more.
_INDEX = 0.6
# The best chance of a page is the one above which this share of the expected content stands.
_BEST_SHARE = 0.2


def choose(page: Structure, chances: Column, *, article: float = 0.0, strictness: float = 1.0) -> list[bool]:
    """The blocks whose choice promises the best F1 over words, of those that stand near the page's best.

    With the blocks in the order of their chances, that is the prefix with the largest expected F1: an even threshold
    would take too little of pages on which nothing is certain. `article` is the chance that the page is one; a
    `strictness` above 1 keeps less. A menu is chosen only where it is most of the page, or all.
    """
    chosen = _promising(page, chances, article, strictness)
    if _is_menu(page, chosen):
        others, left = column(page.count), False
        for i in range(page.count):
            if page.link_words[i] <= _MENU_LINKS * page.words[i]:
                others[i] = chances[i]
                left = left or chances[i] > 0
        if left:
            chosen = _promising(page, others, article, strictness)
    kept = [False] * page.count
    for i in chosen:
        kept[i] = True
    return kept


def _is_menu(page: Structure, chosen: list[int]) -> bool:
    words, links = 0.0, 0.0
    for i in chosen:
        words += page.words[i]
        links += page.link_words[i]
    return links > _MENU_LINKS * words and words < min(_MENU_WORDS * len(chosen), _INDEX * page.total)


def _promising(page: Structure, chances: Column, article: float, strictness: float) -> list[int]:
    # Squared, so that a doubtful article is hardly treated as one.
    certain = article**2
    order = _by_chance(chances)
    best = _best(page.words, chances, order)
    main = _main(page, chances, 1 + certain)
    beside, least = (_OUTSIDE + _MORE_OUTSIDE * certain) * best, (_INSIDE + _MORE_INSIDE * certain) * best
    near, everything = column(page.count), 0.0
    for i in range(page.count):
        if page.start[main] <= i < page.end[main] or chances[i] >= beside:
            near[i] = chances[i]
            everything += chances[i] * page.words[i]
    order = [i for i in order if near[i] > 0]
    hits, words, most, until = 0.0, 0.0, -1.0, 0
    for place in range(len(order)):
        i = order[place]
        if place > 0 and near[i] < least:
            break
        hits += near[i] * page.words[i]
        words += page.words[i]
        promised = 2 * hits / (strictness * words + everything)
        if promised > most:
            most, until = promised, place
    return order[: until + 1]


def best_chance(words: Column, chances: Column) -> float:
    """The chance above which a fifth of the expected content stands, between two blocks by linear interpolation."""
    return _best(words, chances, _by_chance(chances))


def _best(words: Column, chances: Column, order: list[int]) -> float:
    wanted = 0.0
    for i in range(len(chances)):
        wanted += _BEST_SHARE * chances[i] * words[i]
    hits, above = 0.0, chances[order[0]]
    for i in order:
        more = chances[i] * words[i]
        if hits + more > wanted:
            return above + (wanted - hits) / more * (chances[i] - above) if hits else chances[i]
        hits, above = hits + more, chances[i]
    return above


def _by_chance(chances: Column) -> list[int]:
    """The blocks, the likeliest first."""
    listed = [chances[i] for i in range(len(chances))]
    return sorted(range(len(listed)), key=listed.__getitem__, reverse=True)


def _main(page: Structure, chances: Column, power: float) -> int:
    """The main container: the one that alone would promise the best F1 by some power of the chances."""
    masses = column(page.count)
    for i in range(page.count):
        masses[i] = chances[i] ** power * page.words[i]
    promised = inside(masses, page.start, page.end)
    everything, best, main = promised[0], -1.0, 0
    for container in range(page.size):
        value = promised[container] / (page.held_words[container] + everything)
        if value > best:
            best, main = value, container
    return main
