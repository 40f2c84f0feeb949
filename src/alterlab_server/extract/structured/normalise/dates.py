"""Dates and times as ISO 8601."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import dateparser

from alterlab_server.extract.structured.normalise.text import plain

# Dates are read from labels only; dateparser is slow on long text and finds dates in it that are none.
_MAX_LABEL = 40
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
# Numbers from here on are milliseconds since 1970, as scripts write them: 100e9 seconds would be the year 5138.
_MILLISECONDS_FROM = 100_000_000_000

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]{1,2}(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2}|UTC|GMT)?)?(?:\[[\w/]{1,40}\])?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})\s?[./年년]\s?(\d{1,2})\s?[./月월]\s?(\d{1,2})(?!\d)")
# Thailand counts 543 years more; ISO 8601 does not.
_THAI_YEAR = re.compile(r"\b25\d{2}\b")
_THAI_YEARS = 543
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_RFC_2822 = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}")
_DAY_FIRST = re.compile(
    r"(?<![\d:])(\d{1,2})(?:\.|st|nd|rd|th|er|º)?\s(?:de\s|of\s)?([^\W\d_]{3,12})\.?,?\s(?:de\s)?(\d{4})\b",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,12})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})\b", re.IGNORECASE)
# The months by name, in the order of the year; dateparser knows more languages, and takes a hundred times longer.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier janv enero ene gennaio janeiro januari stycznia ledna января янв tammikuuta",
            "february feb februar février févr febrero febbraio fevereiro februari lutego února февраля фев helmikuuta",
            "march mar märz mrz mars marzo março maart mrt marca března марта мар maaliskuuta",
            "april apr avril avr abril abr aprile kwietnia dubna апреля апр huhtikuuta",
            "may mai mayo maggio mag maio mei maj maja května мая toukokuuta",
            "june jun juni juin junio giugno giu junho czerwca června июня июн kesäkuuta",
            "july jul juli juillet juil julio luglio lug julho lipca července июля июл heinäkuuta",
            "august aug août agosto ago augustus augusti sierpnia srpna августа авг elokuuta",
            "september sept sep septembre septiembre settembre setembro września září сентября сен syyskuuta",
            "october oct oktober okt octobre octubre ottobre ott outubro out października října октября окт lokakuuta",
            "november nov novembre noviembre novembro listopada ноября ноя marraskuuta",
            "december dec dezember dez décembre diciembre dicembre dezembro grudnia prosince декабря дек joulukuuta",
        ),
        start=1,
    )
    for name in names.split()
}
_HAS_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_HAS_TWO_NUMBERS = re.compile(r"\d[^\d]+\d")
_RESTRICTED: Any = {"STRICT_PARSING": True, "RETURN_AS_TIMEZONE_AWARE": False, "DATE_ORDER": "DMY"}


def _date(year: str, month: str, day: str) -> str | None:
    """The date, or None where the calendar has no such day or no page can be that old."""
    try:
        value = datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
    return value.date().isoformat() if _FIRST_YEAR <= value.year <= _LAST_YEAR else None


def _from_iso(match: re.Match[str]) -> str | None:
    day = _date(match[1], match[2], match[3])
    if day is None or match[4] is None:
        return day
    hour, zone = int(match[4]), (match[7] or "").upper()
    if hour > 23 or int(match[5]) > 59:
        return day
    offset = "Z" if zone in ("Z", "UTC", "GMT") else zone if not zone or ":" in zone else f"{zone[:3]}:{zone[3:]}"
    return f"{day}T{hour:02}:{match[5]}:{match[6] or '00'}{offset}"


def _from_epoch(seconds: float) -> str | None:
    seconds = seconds / 1000 if seconds >= _MILLISECONDS_FROM else seconds
    # 2001-09-09 (a billion seconds) keeps counts and ids from being read as dates.
    if not 1_000_000_000 <= seconds < 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _from_words(text: str, language: str) -> str | None:
    """A date in words or numbers, perhaps with a weekday and a time, in the page's language or English."""
    if (day_first := _DAY_FIRST.search(text)) and (month := _MONTHS.get(day_first[2].lower())):
        return _date(day_first[3], str(month), day_first[1])
    if (month_first := _MONTH_FIRST.search(text)) and (month := _MONTHS.get(month_first[1].lower())):
        return _date(month_first[3], str(month), month_first[2])
    american = language in ("", "en")
    if numeric := _NUMERIC.search(text):
        day, month_number = (numeric[3], numeric[1]) if american else (numeric[1], numeric[3])
        return _date(numeric[4], month_number, day) or _date(numeric[4], day, month_number)
    if not _HAS_TWO_NUMBERS.search(text):
        return None
    languages = ["en"] if american else [language, "en"]
    settings = _RESTRICTED | {"DATE_ORDER": "MDY"} if american else _RESTRICTED
    try:
        found = dateparser.parse(text, languages=languages, settings=settings)
    except ValueError:
        found = dateparser.parse(text, languages=["en"], settings=settings) if languages != ["en"] else None
    return _date(str(found.year), str(found.month), str(found.day)) if found else None


def iso_date(value: Any, language: str = "") -> str | None:
    """The value as an ISO 8601 date or date-time; None where it is none.

    Takes ISO forms, RFC 2822, seconds or milliseconds since 1970, and words in `language` (ISO 639) or English.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(value)
    text = western(plain(value) or "", language)
    if not text:
        return None
    if iso := _ISO.match(text[:_MAX_LABEL]):
        return _from_iso(iso)
    if len(text) > _MAX_LABEL:
        return None
    if text.isdecimal():
        compact = _COMPACT.fullmatch(text)
        return _date(*compact.groups()) if compact else _from_epoch(int(text))
    if year_first := _YEAR_FIRST.match(text):
        return _date(*year_first.groups())
    if _RFC_2822.match(text):
        return _from_rfc_2822(text)
    return _from_words(text, language) if _HAS_YEAR.search(text) else None


def western(text: str, language: str) -> str:
    """A text with its digits in ASCII, and its years as the Gregorian calendar counts them."""
    if not text.isascii():
        text = "".join([str(int(char)) if char.isdecimal() else char for char in text])
    return _THAI_YEAR.sub(lambda year: str(int(year[0]) - _THAI_YEARS), text) if language == "th" else text


def _from_rfc_2822(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):  # the latter for seconds of many digits
        return None
