"""The scripts that run inside a page, one file each under `js/`."""

from importlib.resources import files


def load_script(name: str) -> str:
    """The text of a script: one JavaScript function expression."""
    text = files(__package__).joinpath("js", name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//"))
