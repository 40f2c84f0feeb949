"""Salaries as pages show them: one figure or a span, its currency and its period."""

import re
from collections.abc import Mapping
from typing import Any

from alterlab_server.extract.structured.normalise.amounts import amount, currency
from alterlab_server.extract.structured.visible.prices import FIGURE, SIGN

MAX_PAY = 120

_SIGN = rf"(?:{SIGN}|euros?\b)"
_THOUSANDS = r"(?:\s?(?P<{0}>k|tys\.?|mil)\b)?"
_PAY = re.compile(
    rf"(?P<before>{_SIGN})?\s{{0,2}}(?P<low>{FIGURE}){_THOUSANDS.format('low_k')}(?:\s{{0,2}}(?P<after>{_SIGN}))?"
    rf"(?:\s{{0,2}}(?:-|–|—|to|and|bis|und|à|et|a|al|e|y|tot|en|do|até)\s{{0,2}}(?:{_SIGN})?\s{{0,2}}"
    rf"(?P<high>{FIGURE}){_THOUSANDS.format('high_k')}(?:\s{{0,2}}(?P<end>{_SIGN}))?)?",
    re.IGNORECASE,
)
# No wage has thousandths.
_GROUPS = re.compile(r"[.,'’\s](?=\d{3}(?!\d))")
_DIGIT = re.compile(r"\d")
_PERIODS = {
    "HOUR": r"hour|\bhr\b|stunde|stündlich|\bstd\b|heure|horaire|\bhora|\bora\b|orari[oa]|\buur|godz",
    "DAY": r"\bday|daily|\btag\b|täglich|jour|\bd[ií]a\b|giorno|\bdag\b|dzień|dzien|diári[oa]",
    "WEEK": r"week|woche|semaine|semana|settimana|tydzień|tygodni",
    "MONTH": r"month|monat|mois|mensuel|mes\b|mensual|mensal|mese|mensil|maand|miesi|mies\.|mês\b",
    "YEAR": r"year|annum|annual|p\.\s?a\.|jahr|jährlich|\bans?\b|annuel|año|anual|anno\b|annuo|annui|annua|jaar|rok\b|"
    r"roczn|\bano\b|\bår\b",
}
_PERIOD = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PERIODS.items()}


def salary_in(text: str, country: str) -> Mapping[str, Any] | None:
    """A text's salary as {min, max, currency, period}; None where no figure in it is one of money."""
    if len(text) > MAX_PAY or not _DIGIT.search(text):
        return None
    for found in _PAY.finditer(text):
        sign = found["before"] or found["after"] or found["end"]
        low = _figure(found["low"], found["low_k"] or found["high_k"])
        if sign and low:
            high = _figure(found["high"], found["high_k"] or found["low_k"]) if found["high"] else low
            period = next((name for name, pattern in _PERIOD.items() if pattern.search(text)), None)
            pay = {"min": low, "max": high, "currency": currency(sign, country), "period": period}
            return {name: value for name, value in pay.items() if value}
    return None


def _figure(digits: str, thousands: str | None) -> int | float | None:
    value = amount(_GROUPS.sub("", digits))
    return value * 1000 if value and thousands else value
