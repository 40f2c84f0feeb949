"""The examples of the CommonMark specification: markdown → HTML → our markdown → HTML gives the same HTML.

`make test` fetches them (scripts/commonmark_examples.py); where that could not be done they are left out.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from tests.support.markdown import again, normal

from alterlab_server.extract.document import Document

SOURCE = Path(__file__).parents[4] / ".bench" / "commonmark.json"
EXAMPLES = json.loads(SOURCE.read_bytes()) if SOURCE.exists() else []
PARSER = MarkdownIt("commonmark")
# What our markdown leaves out or writes in another way on purpose, as a selector of what an example then has.
OTHERWISE = {
    "emphasis within the same emphasis looks no different": "em em, strong strong",
    "what has no content is dropped": "li:empty, blockquote:empty, a:empty, code:empty, h1:empty, h2:empty, h3:empty",
    "a link to nowhere is its text": 'a[href=""]',
    "so is one of a scheme that only programs know": 'a[href*=":"]:not([href^="http"], [href^="/"], [href^="mailto:"])',
}
# Examples (0.31.2) whose difference is of one kind each.
ONE_BY_ONE = {
    "a tab in text is a space": (13,),
    "addresses are written as the URL standard writes them": (20, 346, 501, 594, 603),
    "blank lines at either end of code are dropped": (127, 129, 318),
    "code of nothing but spaces is dropped": (138, 334),
    "a title has no spaces around it": (196,),
}


def has_html(markdown: str) -> bool:
    """Whether raw HTML stands in it: that is read for what it is, as the markup of any page."""
    tokens = [inner for token in PARSER.parse(markdown) for inner in (token, *(token.children or ()))]
    return any(token.type in ("html_block", "html_inline") for token in tokens)


def is_otherwise(example: Mapping[str, object], html: str) -> bool:
    tree = Document(html.replace(">\n<", "><")).tree
    listed = any(example["example"] in numbers for numbers in ONE_BY_ONE.values())
    return listed or any(tree.select_one(selector) is not None for selector in OTHERWISE.values())


@pytest.mark.skipif(not EXAMPLES, reason="scripts/commonmark_examples.py has not fetched them")
def test_the_examples_survive() -> None:
    examples = [(example, PARSER.render(example["markdown"])) for example in EXAMPLES]
    plain = [(example, html) for example, html in examples if not has_html(example["markdown"])]
    compared = [(example, html) for example, html in plain if not is_otherwise(example, html)]
    assert len(examples) == 652
    assert len(compared) >= 523
    changed = [e["example"] for e, html in compared if normal(PARSER.render(again(html))) != normal(html)]
    assert changed == []


@pytest.mark.skipif(not EXAMPLES, reason="scripts/commonmark_examples.py has not fetched them")
@pytest.mark.parametrize("reason", ONE_BY_ONE)
def test_what_is_listed_does_change(reason: str) -> None:
    html = [PARSER.render(e["markdown"]) for e in EXAMPLES if e["example"] in ONE_BY_ONE[reason]]
    assert all(normal(PARSER.render(again(page))) != normal(page) for page in html)
