"""A recipe as its page shows it: the lists under their headings, and the labels for times and servings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, islice

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.durations import iso_duration
from alterlab_server.extract.structured.normalise.text import squeeze
from alterlab_server.extract.structured.visible.lines import EDGES, Labelled, labelled, lines_beginning
from alterlab_server.extract.structured.visible.vocabulary import (
    AFTER_RECIPE_HEADINGS,
    INGREDIENT_HEADINGS,
    INSTRUCTION_HEADINGS,
    RECIPE_LABELS,
)

MAX_BLOCKS = 20_000
MAX_HEADING = 40
MAX_HEADINGS = 20
# The lists of a recipe are longer than two and shorter than this.
MIN_ITEMS, MAX_ITEMS = 2, 120
# This many lines that are no list items end a list whose other lines are.
MAX_GAP = 4
# Steps are sentences, the shortest of them in lists; shorter items are a menu.
MIN_STEP, MIN_LISTED_STEP = 25, 14
MAX_INGREDIENT = 140
MAX_AUTHOR = 50

_MARKER = re.compile(r"(\s*)(\*|\d{1,2}\.)(?:\s+|$)")
# What is said beside a heading of whom it is for.
_FOR_WHOM = (
    "for ", "für ", "pour ", "para ", "per ", "voor ", "(", "til ", "na ", "на ", "для ", "serves ", "- serves ",
)  # fmt: skip
# What may stand around a line of servings; round brackets are part of it.
_AROUND = " \t*•·-–—:：.#|<>「」"
_HAS_DIGIT = re.compile(r"\d")
_BULLETS = "•▢□☐◦‣·✓*-– "
_BARE_QUANTITY = re.compile(r"(?:ca\.\s?)?[\d½¼¾⅓⅔⅛][\d½¼¾⅓⅔⅛./,\s–-]{0,8}(?:[^\W\d_]{1,4}\.?)?")
_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z\d])")
_QUANTITY = re.compile(r"(?:\d|[½¼¾⅓⅔⅛]|(?:a|an|one|two|half|ein|eine|un|une|una|uno)\s)", re.IGNORECASE)
_NUMBER = r"\d{1,3}(?:\s?(?:-|–|~|～|〜|to|à|bis|a)\s?\d{1,3})?"
_SERVED = (
    rf"{_NUMBER}\s?(?:servings?|people|pers|porci|racion|comensal|porzion|portion|porties|porsj|porsi|porç|porcj|porcí|porce|"
    r"anteil|annos|adag|порци|персон|чел|μερίδες|άτομα|kişilik|人分|人前|人份|인분)"
)
_SERVINGS = re.compile(
    rf"(?:serves|for|für|pour|para|per|dosi per|voor|til|na|на|для|makes|rende|rinde)?\s?{_SERVED}", re.IGNORECASE
)
# In the heading of the ingredients, as "Zutaten für 4 Personen".
_SERVED_IN_HEADING = re.compile(rf"serves\s{_NUMBER}|{_SERVED}[^\W\d_]*", re.IGNORECASE)
_BRACKET = re.compile(r"[】」）)]?\s{0,3}[(（［【\[]")
# What only numbers a step: "Step 1", "2.".
_STEP = r"(?:step|schritt|étape|etape|paso|passo|stap|krok|steg|trin|vaihe|шаг)"
STEP_LABEL = re.compile(rf"{_STEP}?\s*\d{{1,2}}[.:)]?", re.IGNORECASE)
_FIRST_STEP = re.compile(rf"{_STEP}\s*1[.:)]?", re.IGNORECASE)
_STEP_PREFIX = re.compile(rf"{_STEP}\s*\d{{1,2}}[.:)]?\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Block:
    """A line of the page, or a list item with all its lines and the kind of its mark: "*", "1", or empty for none."""

    text: str
    mark: str

    @property
    def item(self) -> bool:
        return bool(self.mark)


class Kitchen:
    """What the page shows of its recipe."""

    def __init__(self, text: str, lines: list[str]) -> None:
        self._text = text
        self._lines = lines

    @cached_property
    def ingredients(self) -> Found | None:
        """The list with the most quantities under a heading for ingredients, else the longest run of quantities."""
        sections = [self._ingredients_after(start) for start in self._headings(INGREDIENT_HEADINGS)]
        best = max(sections, key=lambda section: (quantified(section), -len(section)), default=[])
        best = best if quantified(best) else self._quantities() or best
        return Found(best, "html", best[0]) if len(best) >= MIN_ITEMS else None

    @cached_property
    def instructions(self) -> Found | None:
        """The steps under the first heading for instructions that has any, else from "Step 1" on."""
        numbered = (number - 1 for number, block in enumerate(self._blocks) if _FIRST_STEP.fullmatch(block.text))
        starts = chain(self._headings(INSTRUCTION_HEADINGS), islice(numbered, 1))
        steps = next(filter(None, map(self._steps_after, starts)), None)
        return Found(steps, "html", steps[0]) if steps else None

    @cached_property
    def is_recipe(self) -> bool:
        """Whether the page has both lists, each under its heading."""
        starts = _beginnings(INGREDIENT_HEADINGS)
        alike = lines_beginning(self._lines, starts, MAX_HEADING)
        if not any(_is_heading(line, INGREDIENT_HEADINGS) for line in alike):
            return False
        return bool(self._headings(INGREDIENT_HEADINGS) and self.ingredients and self.instructions)

    def time(self, field: str) -> Found | None:
        """The time beside one of the labels of a field: `prep_time`, `cook_time` or `total_time`."""
        for label in self.labels.get(field, ()):
            if duration := iso_duration(label.value):
                return Found(duration, "html", label.value)
        return None

    @cached_property
    def servings(self) -> Found | None:
        """The number of servings beside its label, in a line that says little else, or in the ingredients' heading."""
        for label in self.labels.get("servings", ()):
            if label.value[:1].isdigit() and len(label.value) <= MAX_HEADING:
                return Found(label.value, "html", label.value)
        short = [line for line in self._lines if len(line) <= MAX_HEADING and _HAS_DIGIT.search(line)]
        for line in short:
            if _SERVINGS.match(line):
                return Found(line.strip(_AROUND), "html", line)
        headings = (line for line in short if _is_heading(line, INGREDIENT_HEADINGS))
        served = ((_SERVED_IN_HEADING.search(line), line) for line in headings)
        return next((Found(found[0], "html", line) for found, line in served if found), None)

    @cached_property
    def author(self) -> Found | None:
        """The name beside a label for the author."""
        for label in self.labels.get("author", ()):
            if label.value[:1].isupper() and len(label.value) <= MAX_AUTHOR and not re.search(r"\d", label.value):
                return Found(label.value, "html", label.value)
        return None

    @cached_property
    def labels(self) -> dict[str, list[Labelled]]:
        """The labelled values of the page by field."""
        return labelled(self._lines, RECIPE_LABELS)

    @cached_property
    def _blocks(self) -> list[_Block]:
        return list(_blocks(self._text))[:MAX_BLOCKS]

    def _headings(self, vocabulary: frozenset[str]) -> list[int]:
        found = (number for number, block in enumerate(self._blocks) if _is_heading(block.text, vocabulary))
        return list(islice(found, MAX_HEADINGS))

    def _ingredients_after(self, start: int) -> list[str]:
        section = self._section(start, INSTRUCTION_HEADINGS | AFTER_RECIPE_HEADINGS)
        if any(block.item for block in section):
            return [block.text for block in section if block.item]
        return _whole([block.text for block in section if len(block.text) <= MAX_INGREDIENT])

    def _steps_after(self, start: int) -> list[str]:
        section = self._section(start, INGREDIENT_HEADINGS | AFTER_RECIPE_HEADINGS)
        items = [_unnumbered(block.text) for block in section if block.item and _is_phrase(block.text)]
        if items and sum(map(len, items)) >= MIN_LISTED_STEP * len(items):
            return items
        return [block.text for block in section if len(block.text) >= MIN_STEP and not block.item]

    def _section(self, start: int, ends: frozenset[str]) -> list[_Block]:
        """The blocks below a heading up to one of other headings, or to where the list that began there ends."""
        section: list[_Block] = []
        gap, mark = 0, ""
        for block in self._blocks[start + 1 : start + MAX_ITEMS]:
            gap = 0 if block.item else gap + 1
            mark = mark or block.mark
            if _is_heading(block.text, ends) or (mark and gap > MAX_GAP) or (block.item and block.mark != mark):
                break
            section.append(block)
        return section

    def _quantities(self) -> list[str]:
        """The longest run of list items most of which begin with a quantity."""
        best: list[str] = []
        run: list[str] = []
        for block in [*self._blocks, _Block("", "")]:
            if block.item and len(block.text) <= MAX_INGREDIENT:
                run.append(block.text)
                continue
            if quantified(run) >= 0.6 * len(run) and len(run) > max(len(best), MIN_ITEMS):
                best = run
            run = []
        return best


@cache
def _beginnings(vocabulary: frozenset[str]) -> frozenset[str]:
    """How headings begin, by which most lines of a page are told from them at once."""
    return frozenset(heading[:length] for heading in vocabulary for length in (2, 3))


def quantified(items: Sequence[str]) -> int:
    """How many of the items begin with a quantity."""
    return sum(bool(_QUANTITY.match(item)) for item in items)


def _whole(items: Sequence[str]) -> list[str]:
    """Ingredients whose quantities stand in a column of their own, each with its quantity."""
    bare = [bool(_BARE_QUANTITY.fullmatch(item)) for item in items]
    if sum(bare) * 4 < len(items):
        return list(items)
    joined: list[str] = []
    for number, item in enumerate(items):
        if number and bare[number - 1] and not bare[number]:
            joined[-1] = f"{joined[-1]} {item}"
        else:
            joined.append(item)
    return joined


def _is_phrase(text: str) -> bool:
    """Whether an item may be a step: not the number of one, and no single word such as the name of a network."""
    return not STEP_LABEL.fullmatch(text) and (" " in text or not text.isascii())


def _unnumbered(step: str) -> str:
    label = _STEP_PREFIX.match(step)
    return step[label.end() :] if label else step


def _is_heading(text: str, vocabulary: frozenset[str]) -> bool:
    """Whether a line is one of these headings, alone or with what it is for ("Zutaten für 4 Personen")."""
    start, starts = text.lstrip(EDGES)[:3].lower(), _beginnings(vocabulary)
    if len(text) > MAX_HEADING or not (start in starts or start[:2] in vocabulary):
        return False
    # A button or a number may be glued to the heading: "IngredientsCopy", "Ingredients1x2x".
    lowered = _GLUED.split(text.strip(EDGES), maxsplit=1)[0].strip(EDGES).lower()
    if lowered in vocabulary or _BRACKET.split(lowered, maxsplit=1)[0] in vocabulary:
        return True
    first, _, rest = lowered.partition(" ")
    return first.strip(EDGES) in vocabulary and (rest[:1].isdigit() or rest.startswith(_FOR_WHOM))


def _blocks(text: str) -> Iterator[_Block]:
    """The lines of a page's plain text, those of one list item joined; an item holds the lines indented below it."""
    parts: list[str] = []
    indent, mark = -1, ""
    for line in text.replace("\xa0", " ").splitlines():
        marker = _MARKER.match(line)
        depth = len(line) - len(line.lstrip())
        if indent >= 0 and (marker or (depth <= indent and line.strip())):
            yield from _joined(parts, mark)
            parts, indent = [], -1
        if marker:
            parts, indent, mark = [line[marker.end() :]], depth, "*" if marker[2] == "*" else "1"
        elif indent >= 0:
            parts.append(line)
        else:
            yield from _joined([line], "")
    yield from _joined(parts, mark)


def _joined(parts: Sequence[str], mark: str) -> Iterator[_Block]:
    text = squeeze(" ".join(parts)).lstrip(_BULLETS)
    if text:
        yield _Block(text, mark)
