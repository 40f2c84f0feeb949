"""A heading is named without the link to itself."""

import pytest

from alterlab_server.extract import extract

WORDS = "It burned all night, every night, and somebody had to carry the oil up the stairs. " * 6


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("The lamp<a class=headerlink href='#the-lamp'>¶</a>", "The lamp"),
        ("<a href='#the-lamp'>#</a> The lamp", "The lamp"),
        ("<a id=a href='#a'></a>The lamp", "The lamp"),
        ("C#<a href='#c'>#</a>", "C#"),
        ("#1 of lamps<a href='#one'>#</a>", "#1 of lamps"),
        ("C#", "C#"),
        ("The <a href='#lamp'>lamp</a>", "The lamp"),
        ("The lamp <a href='/law'>§</a>", "The lamp §"),
    ],
)
@pytest.mark.parametrize(
    "place", ["<h1>{}</h1><article><p>{}</p></article>", "<article><h1>{}</h1><p>{}</p></article>"]
)
def test_title_of_the_page(place: str, heading: str, title: str) -> None:
    page = f"<title>{title} - The Review</title><body>{place.format(heading, WORDS)}"
    found = extract(page, formats=("json",))
    assert found.title == found.content["json"]["title"] == title


def test_heading_that_is_set_above_the_body() -> None:
    page = f"<title>The lamp</title><header><h1>The lamp<a href='#lamp'>¶</a></h1></header><article><p>{WORDS}</p>"
    assert extract(page, formats=("markdown",)).content["markdown"].startswith("# The lamp\n\nIt burned")


def test_a_permalink_alone_is_no_heading() -> None:
    page = f"<title>Lamps</title><body><h1><a href='#'>¶</a></h1><p>{WORDS}</p>"
    assert extract(page, formats=("json",)).title == "Lamps"
