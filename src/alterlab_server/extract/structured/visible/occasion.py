"""An event as its page shows it: when, where, by whom, and what it costs to go."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import turbohtml

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.dates import iso_date
from alterlab_server.extract.structured.normalise.text import squeeze
from alterlab_server.extract.structured.visible.lines import EDGES, Labelled, labelled_near
from alterlab_server.extract.structured.visible.moments import days_in, hour_in
from alterlab_server.extract.structured.visible.notices import DESCRIPTION_HEADINGS, EVENT_LABELS, FREE
from alterlab_server.extract.structured.visible.pay import salary_in
from alterlab_server.extract.structured.visible.prices import prices_in
from alterlab_server.extract.structured.visible.sections import FRAME, items_under, named

MAX_VALUE = 160
MAX_TIMES = 10
NEAR_LINES = 30
# A page that labels more lists events.
MAX_DATES = 2
_BESIDE_PLACE = ("organizer", "price", "time")


class Occasion:
    """What the page shows of its event."""

    def __init__(self, tree: turbohtml.Document, lines: list[str], heading_line: int, language: str) -> None:
        self._tree = tree
        self._lines = lines
        self._heading_line = heading_line
        self._language = language

    @cached_property
    def labels(self) -> dict[str, list[Labelled]]:
        """The labelled values around the heading, by field."""
        return labelled_near(self._lines, self._heading_line, EVENT_LABELS)

    @cached_property
    def date(self) -> Found | None:
        """When it begins, with the hour where one is said."""
        if self._when is None:
            return None
        (start, _), text = self._when
        hours = (hour for said in (text, *self._values("time")) if (hour := hour_in(said)))
        hour = None if "T" in start else next(hours, None)
        return Found(f"{start}T{hour}" if hour else start, "html", text)

    @cached_property
    def end_date(self) -> Found | None:
        """The last day of a span of days."""
        for text in self._values("end_date"):
            if days := days_in(text, self._language):
                return Found(days[0], "html", text)
        if self._when is None or self._when[0][1] is None:
            return None
        return Found(self._when[0][1], "html", self._when[1])

    @cached_property
    def location(self) -> Found | None:
        """Where it is: beside a label, in an address, or in an element named for it."""
        places = self._tree.select("address")[:MAX_TIMES]
        addresses = (squeeze(place.to_text()) for place in places if place.closest(FRAME) is None)
        return self._first((*self._values("location"), *addresses, *named(self._tree, "venue", "location")))

    @cached_property
    def organizer(self) -> Found | None:
        """Who invites."""
        return self._first((*self._values("organizer"), *named(self._tree, "organizer", "organiser")))

    @cached_property
    def price(self) -> Found | None:
        """The lowest price beside a label, zero where entry is free; else the first price below the heading."""
        for text in self._values("price"):
            if text.strip(EDGES).lower() in FREE:
                return Found(0, "html", text)
            if lowest := _lowest(text):
                return lowest
        near = self._lines[self._heading_line : self._heading_line + NEAR_LINES]
        for line in near:
            if line.strip(EDGES).lower() in FREE:
                return Found(0, "html", line)
            if lowest := _lowest(line):
                return lowest
        return None

    @cached_property
    def description(self) -> Found | None:
        """The text under a heading for it."""
        text = " ".join(items_under(self._tree, DESCRIPTION_HEADINGS))
        return Found(text, "html", text) if text else None

    @cached_property
    def is_event(self) -> bool:
        """Whether the page looks like one of an event: it labels when, and says where and the hour, host or price."""
        days = {days for text in self._values("date") if (days := days_in(text, self._language))}
        if not days or len(days) > MAX_DATES:
            return False
        hour = any(hour_in(text) for text in self._values("date"))
        return self.location is not None and (hour or any(self.labels.get(field) for field in _BESIDE_PLACE))

    @cached_property
    def _when(self) -> tuple[tuple[str, str | None], str] | None:
        """The days, and the text that names them: beside a label, in a `<time>`, else below the heading."""
        for text in (*self._values("date"), *self._values("time")):
            if days := days_in(text, self._language):
                return days, text
        for element in self._tree.select("time[datetime]")[:MAX_TIMES]:
            if element.closest(FRAME) is None and (start := iso_date(element.attr("datetime"), self._language)):
                return (start, None), squeeze(element.text) or start
        below = self._lines[self._heading_line + 1 : self._heading_line + NEAR_LINES]
        return next(((days, line) for line in below if (days := self._days_of(line))), None)

    def _days_of(self, line: str) -> tuple[str, str | None] | None:
        short = len(line) <= MAX_VALUE and any(map(str.isdigit, line))
        return days_in(line, self._language) if short else None

    def _values(self, field: str) -> Iterator[str]:
        return (label.value for label in self.labels.get(field, ()))

    def _first(self, texts: Sequence[str]) -> Found | None:
        text = next((text for text in texts if 1 < len(text) <= MAX_VALUE), None)
        return Found(text, "html", text) if text else None


def _lowest(text: str) -> Found | None:
    """The lowest price that a text names, also of a span whose first figure has no sign."""
    prices = prices_in(text)
    if not prices:
        return None
    span = salary_in(text, "")
    figures = [value for _, value in prices] + ([span["min"]] if span else [])
    return Found(min(figures), "html", prices[0][0])
