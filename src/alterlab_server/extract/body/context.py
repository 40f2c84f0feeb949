"""Numbers about where a block stands: the containers around it, its kind, and the way from what is most of the page."""

from array import array

from alterlab_server.extract.body.columns import Column, Index, Values, column, index
from alterlab_server.extract.body.structure import LEVELS, TAGS, Structure, inside

_LANDMARKS = {
    "nav": "nav", "navigation": "nav", "menu": "nav", "header": "header", "banner": "header", "footer": "footer",
    "contentinfo": "footer", "aside": "aside", "complementary": "aside", "main": "main", "article": "article",
    "form": "form", "search": "form", "table": "table", "ul": "list", "ol": "list", "section": "section",
    "dialog": "dialog", "p": "p", "figure": "figure", "figcaption": "figure", "blockquote": "quote",
}  # fmt: skip
_NAMES = tuple(dict.fromkeys(_LANDMARKS.values()))
_ROWS = {tag: _NAMES.index(landmark) for tag, landmark in _LANDMARKS.items()}
# By number of the tag; -1 for the tags that are none.
_ROWS_OF_TAGS = array("q", [_ROWS.get(tag, -1) for tag in TAGS])
_FAR = 50
# So much prose in a container speaks for it, for the one around it and for the one around that.
_NEAR, _NEARER, _FARTHER = 0.2, 1.0, 0.5
# A container counts as one of several alike only when it holds about a teaser's words.
_TWIN_WORDS = 40

LANDMARKS = tuple(f"in_{name}" for name in _NAMES)
_OF_LEVEL = ("words", "share", "links", "blocks", "length", "prose", "twins", "kinds")
ON_LEVELS = tuple(f"{name}_{step}" for step in range(LEVELS) for name in _OF_LEVEL)
POSITION = (
    "place", "place_words", "words_before", "prose_before", "prose_after", "from_prose", "to_prose", "from_h1",
    "from_heading",
)  # fmt: skip
GROUPS = ("same_count", "same_words", "same_length", "same_links", "same_prose", "same_share")
RELATION = (
    "above_top", "below_top", "from_h1_up", "from_h1_down", "most_twins", "twin_share", "top_share", "from_top",
)  # fmt: skip
CONTEXT = LANDMARKS + ON_LEVELS + POSITION + GROUPS + RELATION


def write_context(page: Structure, prose: Column, values: Values, at: int) -> None:
    """Write the columns of CONTEXT from row `at` on; `prose` are the words of each block that is prose."""
    _write_landmarks(page, values, at)
    at += len(LANDMARKS)
    _write_levels(page, prose, values, at)
    at += len(ON_LEVELS)
    _write_position(page, prose, values, at)
    at += len(POSITION)
    _write_groups(page, prose, values, at)
    at += len(GROUPS)
    _write_relation(page, prose, values, at)


def _write_landmarks(page: Structure, values: Values, at: int) -> None:
    """For each landmark whether a block is in one."""
    for container in range(page.size):
        row = _ROWS_OF_TAGS[page.tags[container]]
        if row >= 0:
            for i in range(page.start[container], page.end[container]):
                values[at + row, i] = 1.0
    for place, role in page.roles:
        if role in _ROWS:
            row = _ROWS[role]
            for i in range(page.start[place], page.end[place]):
                values[at + row, i] = 1.0


def _write_levels(page: Structure, prose: Column, values: Values, at: int) -> None:
    """What the container of each block and three around it hold, wrappers around a single container left out."""
    held_links = inside(page.link_words, page.start, page.end)
    held_prose = inside(prose, page.start, page.end)
    for i in range(page.count):
        for step in range(LEVELS):
            container = page.levels[LEVELS * i + step]
            words = max(page.held_words[container], 1.0)
            blocks = page.end[container] - page.start[container]
            row = at + 8 * step
            values[row, i] = words
            values[row + 1, i] = words / page.total
            values[row + 2, i] = held_links[container] / words
            values[row + 3, i] = blocks
            values[row + 4, i] = words / blocks
            values[row + 5, i] = held_prose[container] / words
            values[row + 6, i] = page.twins[container]
            values[row + 7, i] = page.kinds[container]


def _write_position(page: Structure, prose: Column, values: Values, at: int) -> None:
    all_prose, words_before, prose_before = 0.0, 0.0, 0.0
    for i in range(page.count):
        all_prose += prose[i]
    all_prose = all_prose or 1.0
    since = _FAR
    for i in range(page.count):
        since = 0 if prose[i] > 0 else min(since + 1, _FAR)
        from_h1 = i - page.h1 if page.h1 >= 0 else -_FAR
        heading = page.last_heading[i]
        values[at, i] = i / page.count
        values[at + 1, i] = words_before
        values[at + 2, i] = words_before / page.total
        values[at + 3, i] = prose_before / all_prose
        values[at + 4, i] = (all_prose - prose_before - prose[i]) / all_prose
        values[at + 5, i] = since
        values[at + 7, i] = min(max(from_h1, -4 * _FAR), 4 * _FAR)
        values[at + 8, i] = min(i - heading, _FAR) if heading >= 0 else _FAR
        words_before += page.words[i]
        prose_before += prose[i]
    until = _FAR
    for i in range(page.count - 1, -1, -1):
        until = 0 if prose[i] > 0 else min(until + 1, _FAR)
        values[at + 6, i] = until


def _write_groups(page: Structure, prose: Column, values: Values, at: int) -> None:
    """The blocks of the same kind of container, taken together."""
    count, words, links, sentences = (
        column(page.groups), column(page.groups), column(page.groups), column(page.groups)
    )  # fmt: skip
    for i in range(page.count):
        group = page.group[i]
        count[group] += 1
        words[group] += page.words[i]
        links[group] += page.link_words[i]
        sentences[group] += prose[i]
    for i in range(page.count):
        group = page.group[i]
        held = words[group]
        values[at, i] = count[group]
        values[at + 1, i] = held
        values[at + 2, i] = held / count[group]
        values[at + 3, i] = links[group] / held
        values[at + 4, i] = sentences[group] / held
        values[at + 5, i] = held / page.total


def _write_relation(page: Structure, prose: Column, values: Values, at: int) -> None:
    """How far a block is from the container with most prose and from the h1, and whether it is in one of several."""
    top = _main_prose(page, prose)
    h1 = page.owner[page.h1] if page.h1 >= 0 else 0
    shared, shared_with_h1, repeated = _shared(page, top), _shared(page, h1), _repeated(page)
    for i in range(page.count):
        owner = page.owner[i]
        most = repeated[owner]
        depth = page.depth[owner] + 1
        values[at, i] = shared[top] - shared[owner]
        values[at + 1, i] = depth - shared[owner]
        values[at + 2, i] = shared_with_h1[h1] - shared_with_h1[owner]
        values[at + 3, i] = depth - shared_with_h1[owner]
        values[at + 4, i] = page.twins[most]
        values[at + 5, i] = page.held_words[most] / page.total if most > 0 else 0.0
        values[at + 6, i] = page.held_words[top] / page.total
        values[at + 7, i] = min(max(i + 1 - page.end[top], 0), _FAR)


def _main_prose(page: Structure, prose: Column) -> int:
    """The container that most prose stands in or near."""
    mass = column(page.size)
    for i in range(page.count):
        owner = page.owner[i]
        parent = page.parent[owner]
        mass[owner] += _NEAR * prose[i]
        mass[parent] += _NEARER * prose[i]
        mass[page.parent[parent]] += _FARTHER * prose[i]
    best = 0
    for container in range(page.size):
        if mass[container] > mass[best]:
            best = container
    return best


def _shared(page: Structure, target: int) -> Index:
    """How many containers each container and the target have around them both, themselves included."""
    shared = index(page.size)
    for container in range(page.size):
        around_target = container <= target < page.behind[container]
        shared[container] = (shared[page.parent[container]] if container else 0) + around_target
    return shared


def _repeated(page: Structure) -> Index:
    """For each container the one, of it and those around it, that has most siblings alike; 0 for none."""
    most = index(page.size)
    for container in range(1, page.size):
        above = most[page.parent[container]]
        twins = page.twins[container]
        alike = twins > 1 and page.held_words[container] >= _TWIN_WORDS
        most[container] = container if alike and twins >= page.twins[above] else above
    return most
