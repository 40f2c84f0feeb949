"""Each folder `tests/pages/structured-*` is a page that shows one rule, with the fields that must come of it."""

import json
from pathlib import Path

import pytest

from alterlab_server.extract.document import Document
from alterlab_server.extract.options import ExtractOptions
from alterlab_server.extract.structured import read_structured

CASES = sorted((Path(__file__).parents[3] / "pages").glob("structured-*"))


def test_there_are_cases():
    assert len(CASES) >= 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.removeprefix("structured-"))
def test_case(case):
    options = ExtractOptions(**json.loads((case / "options.json").read_text()))
    expected = json.loads((case / "expected.json").read_text())
    found = read_structured(Document((case / "page.html").read_text(), options.url), options=options)
    assert found.profile == expected["profile"]
    assert {name: found.value.get(name) for name in expected["value"]} == expected["value"]
