"""Marked-up values as one line of text."""

import pytest

from alterlab_server.extract.structured.normalise.text import plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<p>We build <b>things</b>.</p><p>Daily.</p>", "We build things. Daily."),
        ("&lt;li&gt;one&lt;/li&gt;&lt;li&gt;two&lt;/li&gt;", "one two"),
        ("a<br>b", "a b"),
        ("H<sub>2</sub>O, <a href='/x'>more</a>!", "H2O, more!"),
    ],
)
def test_tags_part_words_where_they_stand_around_lines(value: str, text: str) -> None:
    assert plain(value) == text
