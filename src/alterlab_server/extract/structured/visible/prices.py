"""Prices in the visible lines of a page."""

import re
from collections.abc import Sequence

from alterlab_server.extract.structured.normalise.amounts import amount

SIGN = (
    r"(?:US\s?\$|R\$|[A-Z]{1,2}\$|[$€£¥￥₹₽₩₺₴₪฿₫₱₸]|\b(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|INR|JPY|CNY|TWD|"
    r"AUD|CAD|BRL|RUB|UAH|TRY|KZT|HRK|AMD|Rs|Kn|kr|Ft|lei|zł|Kč|TL|RM)\b\.?|(?:руб|грн|тг|лв|р)\.?|元|円|원)"
)
FIGURE = (
    r"(?:\d{1,2}(?:,\d{2}){1,3},\d{3}(?:\.\d{1,2})?(?!\d)"  # 1,29,999 in India
    r"|\d{1,3}(?:[ \xa0.,'’]\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,7}(?:[.,]\d{1,2})?(?![.,]?\d))"
)
_NO_CENTS = r"[,:][-–—](?![)(\w])"
_PRICE = re.compile(
    rf"{SIGN}\s{{0,2}}{FIGURE}|{FIGURE}(?:{_NO_CENTS})?\s{{0,2}}{SIGN}|{FIGURE}{_NO_CENTS}", re.IGNORECASE
)
# A line that is a price says little else.
MAX_PRICE_LINE = 60
MAX_OTHER_LETTERS = 24
_LETTER = re.compile(r"[^\W\d_]")


def prices_in(line: str) -> list[tuple[str, int | float]]:
    """The prices of a short line, each as it stands there and as a number."""
    if len(line) > MAX_PRICE_LINE or not any(char.isdigit() for char in line):
        return []
    return [(match[0].strip(), value) for match in _PRICE.finditer(line) if (value := amount(match[0]))]


def price_after(lines: Sequence[str], start: int, end: int) -> tuple[str, int | float] | None:
    """The first price between two lines; of neighbouring prices the lowest, for a struck one stands beside the new."""
    for number in range(start, min(end, len(lines))):
        line = lines[number]
        here = prices_in(line)
        if not here or len(_LETTER.findall(_PRICE.sub("", line))) > MAX_OTHER_LETTERS:
            continue
        if "+" in line or "/" in line:
            return here[0]
        for below in lines[number + 1 : number + 3]:
            more = prices_in(below)
            if not more or len(_LETTER.findall(_PRICE.sub("", below))) > 3:
                break
            here.extend(more)
        highest = max(value for _, value in here)
        return min((price for price in here if price[1] >= highest * 0.2), key=lambda price: price[1])
    return None
