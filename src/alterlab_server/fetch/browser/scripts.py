"""The scripts that run inside a page: one file each, in the folder `js` of a package."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from playwright.async_api import Error

# How Playwright tells of an exception in a script, not of one in its own conversation with the browser.
_THROWN = re.compile(r"Page\.evaluate: [A-Za-z]*Error: ")


def load_script(package: str, name: str) -> str:
    """The text of a script, one JavaScript expression, without the comment at its top."""
    text = files(package).joinpath("js", name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//"))


def navigated_away(error: Error) -> bool:
    """True when a script could not run because the page went on to another document."""
    return "Execution context was destroyed" in error.message or "navigati" in error.message


@contextmanager
def optional(warnings: list[str], told: str = "") -> Iterator[None]:
    """Around a step that a page can do without: what the page's own scripts have replaced or removed may end it, and
    `told`, if anything, is said of that.
    """
    try:
        yield
    except Error as error:
        if not _THROWN.match(error.message):
            raise
        if told:
            warnings.append(told)
