"""Every row of the table of signs: a page that shows it, and an ordinary page that must not."""

import json
from pathlib import Path

import pytest

from alterlab_server.base.page import Page
from alterlab_server.fetch.judge import judge
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.signs import CONTENT, SIGNS, first_sign
from alterlab_server.fetch.sketch import sketch

PAGES = Path(__file__).parents[2] / "pages"
BY_NAME = {sign.name: sign for sign in (*SIGNS, *CONTENT)}
NAMES = list(BY_NAME)


def recorded(name: str, which: str) -> Page:
    folder = PAGES / f"sign-{name}"
    meta = json.loads((folder / "meta.json").read_text())[which]
    body = (folder / f"{which}.html").read_bytes()
    return Page(meta["url"], meta["final_url"], meta["status"], meta["headers"], body)


def test_names_are_unique_and_every_folder_has_its_row() -> None:
    assert len(NAMES) == len(SIGNS) + len(CONTENT)
    assert {folder.name.removeprefix("sign-") for folder in PAGES.glob("sign-*")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_page_shows_the_sign(name: str) -> None:
    page = recorded(name, "page")
    assert BY_NAME[name].holds(page, sketch(page.body))
    judgement = judge(page, FetchRequest(page.url))
    assert judgement.verdict is BY_NAME[name].verdict
    assert judgement.vendor == getattr(BY_NAME[name], "vendor", None)


@pytest.mark.parametrize("name", NAMES)
def test_ordinary_page_shows_no_sign(name: str) -> None:
    page = recorded(name, "ordinary")
    assert first_sign(page, sketch(page.body)) is None
    if page.status == 200:
        assert judge(page, FetchRequest(page.url)).good
