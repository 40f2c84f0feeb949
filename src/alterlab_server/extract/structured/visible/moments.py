"""When something takes place, as pages say it: a day or a span of days, and the hour."""

import re

from alterlab_server.extract.structured.normalise.dates import iso_date, western
from alterlab_server.extract.structured.visible.byline import DATE

MAX_MOMENT = 120

_TO = r"\s?(?:-|–|—|/|to|till|until|bis|und|and|&|au|et|al|a|e|y|tot|t/m|en|do|i|até)\s?"
_OF = r"(?:de\s|of\s)?"
_MONTH = r"[^\W\d_]{3,12}\.?"
_DAY = r"\d{1,2}(?:\.|st|nd|rd|th|er|º)?"
# 12-14 December 2026; 28 December - 3 January 2027; December 12-14, 2026.
_DAYS_OF_MONTH = re.compile(rf"\b({_DAY}){_TO}({_DAY})\s({_OF}{_MONTH},?\s{_OF}\d{{4}})\b", re.IGNORECASE)
_DAYS_OF_MONTHS = re.compile(
    rf"\b({_DAY}\s{_OF}{_MONTH}){_TO}({_DAY}\s{_OF}{_MONTH},?\s{_OF})(\d{{4}})\b", re.IGNORECASE
)
_MONTH_OF_DAYS = re.compile(rf"\b({_MONTH})\s(\d{{1,2}})\s?[-–—]\s?(\d{{1,2}}),?\s(\d{{4}})\b")
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d)|(?=\s?(?:[ap]\.?m\b|uhr\b|h\b)))(?![\d.]\d)"
    r"\s?(?P<half>[ap])?(?:\.?m\b)?",
    re.IGNORECASE,
)
_NOON = 12


def days_in(text: str, language: str) -> tuple[str, str | None] | None:
    """The first and, of a span, the last day that a text names, in ISO 8601; None where it names none."""
    text = western(text[:MAX_MOMENT], language)
    if within := _DAYS_OF_MONTH.search(text):
        return _span(f"{within[1]} {within[3]}", f"{within[2]} {within[3]}", language)
    if across := _DAYS_OF_MONTHS.search(text):
        end = iso_date(across[2] + across[3], language)
        start = iso_date(f"{across[1]} {across[3]}", language)
        if start and end and start > end:  # the year that is said is that of the end
            start = iso_date(f"{across[1]} {int(across[3]) - 1}", language)
        return (start, end) if start else None
    if american := _MONTH_OF_DAYS.search(text):
        month, first, last, year = american.groups()
        return _span(f"{month} {first}, {year}", f"{month} {last}, {year}", language)
    found = [day for match in DATE.finditer(text) if (day := iso_date(match[0], language))]
    return (found[0], found[1] if len(found) > 1 else None) if found else None


def hour_in(text: str) -> str | None:
    """The first hour of the day that a text names beside its dates, as `19:30:00`; None where it names none."""
    found = _CLOCK.search(DATE.sub(" ", text[:MAX_MOMENT]))
    if found is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    return f"{hour:02}:{found['minute'] or '00'}:00"


def _span(first: str, last: str, language: str) -> tuple[str, str | None] | None:
    start = iso_date(first, language)
    return (start, iso_date(last, language)) if start else None
