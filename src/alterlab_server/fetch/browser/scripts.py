"""The scripts that run inside a page: one file each, in the folder `js` of a package."""

from importlib.resources import files

from playwright.async_api import Error


def load_script(package: str, name: str) -> str:
    """The text of a script, one JavaScript expression, without the comment at its top."""
    text = files(package).joinpath("js", name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//"))


def navigated_away(error: Error) -> bool:
    """True when a script could not run because the page went on to another document."""
    return "Execution context was destroyed" in error.message or "navigati" in error.message
