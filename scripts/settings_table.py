"""Print the table of docs/settings.md from the settings class. Usage: settings_table.py [--write]."""

import sys
from pathlib import Path

from pydantic_core import PydanticUndefined

from alterlab_server.app.settings import Settings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
BEGIN, END = "<!-- settings -->", "<!-- /settings -->"


def table() -> str:
    """One row a setting: its environment name, its default, what it is."""
    rows = ["| environment | default | what it is |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default if field.default is not PydanticUndefined else None
        shown = "" if default in (None, ()) else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        rows.append(f"| `{Settings.environment_name(name)}` | {shown} | {field.description} |")
    return "\n".join(rows)


def page_with_table(page: str) -> str:
    """The page's text with the table between its marks replaced."""
    head, rest = page.split(BEGIN)
    return f"{head}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(page_with_table(PAGE.read_text()))
    else:
        print(table())
