"""The quality gate: what extraction makes of our own pages may not fall below the floors.

A case is a folder of tests/pages: `body-*` has phrases that the text must keep and drop, `markdown-*` the markdown of
the whole page. Raise a floor in floors.json with the change that earns it; never lower one.
"""

import json
from pathlib import Path

import pytest

from alterlab_server.extract import extract
from alterlab_server.extract.document import Document
from alterlab_server.extract.flow import read_flow
from alterlab_server.extract.formats.markdown import write
from alterlab_server.extract.tidy import tidy

PAGES = Path(__file__).parents[1] / "pages"
FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text())
BODIES = sorted(PAGES.glob("body-*"))
MARKDOWN = sorted(PAGES.glob("markdown-*"))


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def share(verdicts: list[bool]) -> float:
    return sum(verdicts) / len(verdicts)


def markdown_of(case: Path) -> str:
    document = Document((case / "input.html").read_text(encoding="utf-8"), "https://example.com/a/")
    tidy(document)
    return write(read_flow(document.tree.find("body"), document))


def test_there_is_a_page_for_each_rule() -> None:
    assert len(BODIES) + len(MARKDOWN) >= 60


def test_bodies_stay_above_the_floors() -> None:
    kept, dropped = [], []
    for case in BODIES:
        text = extract((case / "input.html").read_bytes(), formats=("text",)).content["text"] or ""
        kept += [phrase in text for phrase in lines(case / "kept.txt")]
        dropped += [phrase not in text for phrase in lines(case / "dropped.txt")]
    assert share(kept) >= FLOORS["body: phrases kept"]
    assert share(dropped) >= FLOORS["body: phrases dropped"]


@pytest.mark.parametrize("case", MARKDOWN, ids=lambda case: case.name)
def test_markdown_is_as_expected(case: Path) -> None:
    assert markdown_of(case) == (case / "expected.md").read_text(encoding="utf-8").rstrip("\n")


def test_markdown_stays_above_its_floor() -> None:
    expected = [markdown_of(case) == (case / "expected.md").read_text(encoding="utf-8")[:-1] for case in MARKDOWN]
    assert share(expected) >= FLOORS["markdown: pages as expected"]
