"""The scripts that run inside a page: one file each, in the folder `js` of a package."""

from importlib.resources import files


def load_script(package: str, name: str) -> str:
    """The text of a script, one JavaScript expression, without the comment at its top."""
    text = files(package).joinpath("js", name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//"))
