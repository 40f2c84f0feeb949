"""docs/structured-data.md states the sources, the profiles and their fields as they are, and its example runs."""

import re
from pathlib import Path

from alterlab_server.extract.structured.profiles.generic import GENERIC
from alterlab_server.extract.structured.profiles.table import PROFILES

PAGE = (Path(__file__).parents[4] / "docs" / "structured-data.md").read_text()


def test_profiles_and_their_fields():
    rows = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \|$", PAGE, re.MULTILINE)
    stated = {name: tuple(fields.split(", ")) for name, fields in rows}
    assert stated == {
        name: tuple(rule.name for rule in profile.rules) for name, profile in PROFILES.items() if profile is not GENERIC
    }


def test_the_example_runs():
    (example,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    exec(compile(example, "docs/structured-data.md", "exec"), {})
