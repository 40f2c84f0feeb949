"""Amounts of money, their currencies, and other numbers."""

import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from price_parser import Price

from alterlab_server.extract.structured.normalise.text import plain

# A price is short; what is longer is a sentence that only mentions one.
_MAX_PRICE_TEXT = 60

# Beyond this, JSON readers lose the last digits of a whole number (RFC 8259, section 6).
MAX_WHOLE = 2**53

_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,8})?")
_FIRST_NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,8})?")
# The first form is that of India: 1,29,999.
_GROUPED = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?:[.,\s]\d{3})+")
_APOSTROPHE_GROUP = re.compile(r"(?<=\d)['’](?=\d{3})")
_CODE = re.compile(r"[A-Z]{3}")

# Symbols as price-parser names them, and words of shops, to ISO 4217.
_CURRENCIES = {
    "€": "EUR", "£": "GBP", "₹": "INR", "Rs": "INR", "Rs.": "INR", "円": "JPY", "元": "CNY",
    "₩": "KRW", "원": "KRW", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
    "Euro": "EUR", "euro": "EUR", "Euros": "EUR", "euros": "EUR",
    "₺": "TRY", "TL": "TRY", "₴": "UAH", "грн": "UAH", "R$": "BRL", "US$": "USD", "A$": "AUD", "AU$": "AUD",
    "C$": "CAD", "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "NT$": "TWD", "S$": "SGD", "₪": "ILS", "฿": "THB",
    "₫": "VND", "₱": "PHP", "лв": "BGN", "лв.": "BGN", "lei": "RON", "Lei": "RON", "SFr": "CHF", "Fr.": "CHF",
    "د.إ": "AED", "RM": "MYR", "Rp": "IDR", "֏": "AMD", "₸": "KZT", "₦": "NGN", "MX$": "MXN",
}  # fmt: skip

# What "$", "kr" and "¥" mean depends on the country.
_BY_COUNTRY = {
    "$": {
        "au": "AUD", "ca": "CAD", "nz": "NZD", "mx": "MXN", "cl": "CLP", "ar": "ARS", "co": "COP", "tw": "TWD",
        "hk": "HKD", "sg": "SGD", "uy": "UYU",
    },
    "kr": {"se": "SEK", "dk": "DKK", "no": "NOK", "is": "ISK"},
    "¥": {"cn": "CNY"},
}  # fmt: skip
_DEFAULT_BY_SYMBOL = {"$": "USD", "¥": "JPY"}


def exact(value: Decimal) -> int | float:
    """The number as JSON shows it: whole numbers without a fraction, others with the digits of the page."""
    whole = abs(value) < MAX_WHOLE and value == value.to_integral_value()
    return int(value) if whole else float(value)


def amount(value: Any) -> int | float | None:
    """A price as a number; None for what is no price. Text may carry a currency and either decimal sign."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return exact(Decimal(str(value))) if math.isfinite(value) and value >= 0 else None
    text = plain(value)
    if text is None or len(text) > _MAX_PRICE_TEXT:
        return None
    if _PLAIN_NUMBER.fullmatch(text):
        return exact(Decimal(text)) if not text.startswith("-") else None
    parsed = Price.fromstring(_APOSTROPHE_GROUP.sub("", text)).amount
    return exact(parsed) if parsed is not None else None


def currency(value: Any, country: str = "") -> str | None:
    """The ISO 4217 code of a code, a symbol or a price text; `country` (ISO 3166, lower case) settles "$" and "kr"."""
    text = plain(value)
    if text is None or len(text) > _MAX_PRICE_TEXT:
        return None
    text = text.replace("￥", "¥")  # its wide form
    if _CODE.fullmatch(text.upper()):
        return text.upper()
    symbol = text if text in _CURRENCIES or text in _BY_COUNTRY else Price.fromstring(text).currency
    if not symbol:
        return None
    by_country = _BY_COUNTRY.get(symbol, {}).get(country)
    if by_country or _CODE.fullmatch(symbol):
        return by_country or symbol
    return _CURRENCIES.get(symbol) or _DEFAULT_BY_SYMBOL.get(symbol)


def number(value: Any) -> int | float | None:
    """The first number of a value, as in "4,5 of 5 stars" or "1,234 reviews"; None where there is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return exact(Decimal(str(value))) if math.isfinite(value) else None
    text = (plain(value) or "")[:_MAX_PRICE_TEXT]
    if grouped := _GROUPED.search(text):
        return exact(Decimal(re.sub(r"\D", "", grouped[0])))
    found = _FIRST_NUMBER.search(text)
    try:
        return exact(Decimal(found[0].replace(",", "."))) if found else None
    except InvalidOperation:
        return None


def count(value: Any) -> int | None:
    """A whole number of things, such as reviews; None for more than JSON readers can count."""
    found = number(value)
    return int(found) if found is not None and abs(found) < MAX_WHOLE else None
