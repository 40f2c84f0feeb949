"""What scripts bring back from a page, which may have replaced all that they use: made into what they promise."""

from typing import Any

from playwright.async_api import Page

_LARGEST_WHOLE = 2**53  # to which JavaScript counts exactly
_MOST_LEVELS = 100


class TooDeepError(Exception):
    """A value with more levels than an answer can hold."""


def well_formed(text: str) -> str:
    """The text with U+FFFD in place of halves of surrogate pairs, which no answer could hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def storable(value: Any, levels: int = _MOST_LEVELS) -> Any:
    """A value of JSON as an answer can hold it: well-formed text, no integer beyond 64 bits. Raises TooDeepError."""
    if not levels:
        raise TooDeepError
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, list):
        return [storable(item, levels - 1) for item in value]
    if isinstance(value, dict):
        return {well_formed(name): storable(item, levels - 1) for name, item in value.items()}
    if isinstance(value, int) and abs(value) > _LARGEST_WHOLE:
        return float(value)
    return value


async def measure(page: Page, script: str, argument: Any = None) -> int:
    """What a script counts or measures; 0 when the page has made something else of it."""
    value = await page.evaluate(script, argument)
    return int(value) if isinstance(value, int | float) and abs(value) < _LARGEST_WHOLE else 0
