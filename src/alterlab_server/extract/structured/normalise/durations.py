"""Lengths of time as ISO 8601."""

import re
from typing import Any

from alterlab_server.extract.structured.normalise.text import plain

# A time label is short; a longer text is an instruction that mentions a time.
_MAX_LABEL = 60

_ISO = re.compile(
    r"P(?:(\d{1,6}(?:[.,]\d+)?)Y)?(?:(\d{1,6}(?:[.,]\d+)?)M)?(?:(\d{1,6}(?:[.,]\d+)?)W)?(?:(\d{1,6}(?:[.,]\d+)?)D)?"
    r"(?:T(?:(\d{1,6}(?:[.,]\d+)?)H)?(?:(\d{1,6}(?:[.,]\d+)?)M?)?(?:(\d{1,6}(?:[.,]\d+)?)S)?)?",
    re.IGNORECASE,
)
_ISO_MINUTES = (525_600, 43_200, 10_080, 1440, 60, 1, 0)
_CLOCK = re.compile(r"(\d{1,3})\s?[:hH]\s?([0-5]\d)(?::[0-5]\d|\s?(?:m|min|h|std)\.?)?")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75", "⅓": ".33", "⅔": ".67"}
_TERM = re.compile(r"(\d{1,5}(?:[.,]\d{1,2})?)(?:\s?[-–—]\s?\d{1,5}|\s(?:to|à|bis|a)\s\d{1,5})?\s*([^\W\d_]+)")
_UNITS = {
    1440: (
        "d", "day", "tag", "jour", "día", "dia", "giorn", "dag", "dní", "den", "dzie", "дн", "ден", "сут", "日", "天",
    ),
    60: (
        "h", "hour", "hr", "std", "stunde", "heure", "hora", "ora", "ore", "uur", "tim", "time", "tunti", "godz", "hod",
        "óra", "час", "год", "ч", "saat", "sa", "ώρ", "ωρ", "時間", "小时", "小時", "시간", "jam", "t",
    ),
    1: ("m", "min", "мин", "хв", "perc", "dakika", "dk", "λεπτ", "分", "분", "phút"),
}  # fmt: skip


def _unit_minutes(word: str) -> int | None:
    """Minutes of a unit by the longest of its known beginnings."""
    known = [(len(start), size) for size, starts in _UNITS.items() for start in starts if word.startswith(start)]
    exact_or_long = [(length, size) for length, size in known if length > 1 or len(word) == 1]
    return max(exact_or_long)[1] if exact_or_long else None


def _term_minutes(match: re.Match[str]) -> float | None:
    size = _unit_minutes(match[2].lower())
    return float(match[1].replace(",", ".")) * size if size else None


def minutes(value: Any) -> int | None:
    """Minutes of an ISO 8601 duration, a clock time, a number of minutes, or words such as "1 hr 20 min"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(value) if 0 < value < 1e6 else None
    text = plain(value)
    if not text or len(text) > _MAX_LABEL:
        return None
    if iso := _ISO.fullmatch(text.replace(" ", "")):
        parts = zip(iso.groups(), _ISO_MINUTES, strict=True)
        return round(sum(float(part.replace(",", ".")) * size for part, size in parts if part))
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) * 60 + int(clock[2])
    if text.isdecimal():
        return int(text)
    for sign, digits in _FRACTIONS.items():
        text = text.replace(f" {sign}", digits).replace(sign, digits if text[:1] != sign else f"0{digits}")
    terms = [minutes for match in _TERM.finditer(text) if (minutes := _term_minutes(match)) is not None]
    return round(sum(terms)) if terms else None


def iso_duration(value: Any) -> str | None:
    """The value as an ISO 8601 duration in days, hours and minutes (PT1H20M); None where it is no time or zero."""
    total = minutes(value)
    if not total or total < 0:
        return None
    days, rest = divmod(total, 1440) if total >= 2880 else (0, total)
    hours, left = divmod(rest, 60)
    clock = (f"{hours}H" if hours else "") + (f"{left}M" if left else "")
    return "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
