"""A job posting as its page shows it: labels around its heading, and lists under their headings."""

import re
from collections.abc import Sequence
from functools import cached_property

import turbohtml

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.dates import iso_date
from alterlab_server.extract.structured.visible.byline import DATE
from alterlab_server.extract.structured.visible.lines import EDGES, Labelled, labelled_near
from alterlab_server.extract.structured.visible.notices import (
    DESCRIPTION_HEADINGS,
    EMPLOYMENT_TYPES,
    JOB_LABELS,
    REQUIREMENT_HEADINGS,
    RESPONSIBILITY_HEADINGS,
)
from alterlab_server.extract.structured.visible.pay import salary_in
from alterlab_server.extract.structured.visible.sections import items_under, named

MAX_VALUE = 100
# A posting says most of what labels say of one, and what it asks for or gives to do.
MIN_LABELS, MIN_LABELS_BESIDE_LIST = 4, 2
# A page with more of a kind lists jobs.
MAX_LABELS_ALIKE = 3
_APART = re.compile(r"\s*[,;|•·]\s*|\s+/\s+")
_FACTS_APART = re.compile(r"\s*[|•·]\s*")
FACT_LINES = 15


class Posting:
    """What the page shows of its job."""

    def __init__(
        self, tree: turbohtml.Document, lines: list[str], heading_line: int, language: str, country: str
    ) -> None:
        self._tree = tree
        self._lines = lines
        self._heading_line = heading_line
        self._language = language
        self._country = country

    @cached_property
    def labels(self) -> dict[str, list[Labelled]]:
        """The labelled values around the heading, by field."""
        return labelled_near(self._lines, self._heading_line, JOB_LABELS)

    @cached_property
    def company(self) -> Found | None:
        """Who hires."""
        return self._said("company") or self._named("company", "employer")

    @cached_property
    def location(self) -> Found | None:
        """Where the work is."""
        return self._said("location") or self._named("location")

    @cached_property
    def salary(self) -> Found | None:
        """What is paid, as {min, max, currency, period}."""
        said = [label.value for label in self.labels.get("salary", ())]
        for text in (*said, *named(self._tree, "salary", "compensation", "pay-range")):
            if pay := salary_in(text, self._country):
                return Found(pay, "html", text)
        for text in self._facts:
            pay = salary_in(text, self._country)
            if pay and ("period" in pay or pay["min"] != pay["max"]):
                return Found(pay, "html", text)
        return None

    @cached_property
    def employment_type(self) -> Found | None:
        """How the work is contracted, beside its label, else in a short line that says nothing else."""
        for label in self.labels.get("employment_type", ()):
            if len(label.value) <= MAX_VALUE and any(map(str.isalpha, label.value)):
                return Found([*filter(None, _APART.split(label.value))], "html", label.value)
        fact = next((fact for fact in self._facts if fact.strip(EDGES).lower() in EMPLOYMENT_TYPES), None)
        return Found([fact.strip(EDGES)], "html", fact) if fact else None

    @cached_property
    def requirements(self) -> Found | None:
        """What the applicant should bring."""
        return self._list(REQUIREMENT_HEADINGS)

    @cached_property
    def responsibilities(self) -> Found | None:
        """What there is to do."""
        return self._list(RESPONSIBILITY_HEADINGS)

    @cached_property
    def description(self) -> Found | None:
        """The text under a heading for it."""
        text = " ".join(items_under(self._tree, DESCRIPTION_HEADINGS))
        return Found(text, "html", text) if text else None

    def date(self, field: str) -> Found | None:
        """The date beside the labels of `published_at` or `valid_through`."""
        for label in self.labels.get(field, ()):
            match = DATE.search(label.value)
            if date := iso_date(match[0] if match else label.value, self._language):
                return Found(date, "html", label.value)
        return None

    @cached_property
    def is_posting(self) -> bool:
        """Whether the page looks like one of a job."""
        if max(map(len, self.labels.values()), default=0) > MAX_LABELS_ALIKE:
            return False
        said = sum(map(bool, (self.company, self.location, self.salary, self.employment_type)))
        dated = bool(self.date("published_at") or self.date("valid_through"))
        needed = MIN_LABELS_BESIDE_LIST if self.requirements or self.responsibilities else MIN_LABELS
        return said + dated >= needed

    @cached_property
    def _facts(self) -> Sequence[str]:
        """The short lines below the heading, each cut where it lists facts."""
        near = self._lines[self._heading_line + 1 : self._heading_line + FACT_LINES]
        return [fact for line in near if len(line) <= MAX_VALUE for fact in _FACTS_APART.split(line) if fact]

    def _said(self, field: str) -> Found | None:
        values = (label.value for label in self.labels.get(field, ()))
        value = next((value for value in values if 1 < len(value) <= MAX_VALUE), None)
        return Found(value, "html", value) if value else None

    def _named(self, *names: str) -> Found | None:
        text = next(named(self._tree, *names), None)
        return Found(text, "html", text) if text else None

    def _list(self, headings: frozenset[str]) -> Found | None:
        items = items_under(self._tree, headings)
        return Found(items, "html", items[0]) if items else None
