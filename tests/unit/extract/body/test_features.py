from array import array

import pytest
from turbohtml import parse

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.features import columns
from alterlab_server.extract.body.hints import Hints
from alterlab_server.extract.body.lexicon import Lexicon
from alterlab_server.extract.body.smooth import SECOND, write_second
from alterlab_server.extract.body.structure import Structure

# Four blocks: a heading, a sentence of ten words, a link with a price, and one with a date in a footer's list.
PAGE = """<h1>Old boats</h1><div><p>Eleven boats are left here, and they sail each day.</p></div>
<p><a href="/">Buy for $20</a></p><aside><ul><li>Seen 3 May 2026</li></ul></aside>"""
HINTS = Hints(title="Old boats – Harbour", description="eleven boats are left here, and they", path_depth=2)
EXPECTED = {
    "words": [2, 10, 3, 4], "chars_a_word": [4.5, 5.1, 11 / 3, 3.75], "link_density": [0, 0, 1, 0],
    "ends_sentence": [0, 1, 0, 0], "sentences": [0, 1, 0, 0], "prose": [0, 10, 0, 0], "price": [0, 0, 1, 0],
    "date": [0, 0, 0, 1], "heading": [1, 0, 0, 0], "repeats": [1, 1, 1, 1], "hidden": [0, 0, 0, 0],
    "depth": [1, 2, 1, 3], "after_image": [0, 0, 0, 0], "links": [0, 0, 1, 0], "title_overlap": [1, 1 / 6, 0, 0],
    "declared": [-1, -1, -1, -1], "described": [0, 1, 0, 0],
    "page_words": [19] * 4, "page_blocks": [4] * 4, "page_links": [3 / 19] * 4, "page_prose": [10 / 19] * 4,
    "page_long": [10] * 4, "page_lists": [1] * 4, "page_prices": [1] * 4, "page_dates": [1] * 4,
    "page_articles": [0] * 4, "page_codes": [0] * 4, "main_share": [0] * 4, "article_share": [0] * 4,
    "is_article": [0] * 4, "is_product": [0] * 4, "declared_share": [0] * 4, "path_depth": [2] * 4,
    "in_aside": [0, 0, 0, 1], "in_list": [0, 0, 0, 1], "in_p": [0, 1, 1, 0], "in_main": [0] * 4,
    "words_0": [2, 10, 3, 4], "share_0": [2 / 19, 10 / 19, 3 / 19, 4 / 19], "links_0": [0, 0, 1, 0],
    "blocks_1": [4] * 4, "length_1": [4.75] * 4, "prose_0": [0, 1, 0, 0], "twins_0": [1, 1, 1, 1],
    "kinds_1": [4] * 4, "place": [0, 0.25, 0.5, 0.75], "place_words": [0, 2, 12, 15],
    "words_before": [0, 2 / 19, 12 / 19, 15 / 19], "prose_before": [0, 0, 1, 1], "prose_after": [1, 0, 0, 0],
    "from_prose": [50, 0, 1, 2], "to_prose": [1, 0, 50, 50], "from_h1": [0, 1, 2, 3], "from_heading": [0, 1, 2, 3],
    "same_count": [1] * 4, "same_words": [2, 10, 3, 4], "same_length": [2, 10, 3, 4], "same_links": [0, 0, 1, 0],
    "same_prose": [0, 1, 0, 0], "same_share": [2 / 19, 10 / 19, 3 / 19, 4 / 19],
    "most_twins": [1] * 4, "twin_share": [0] * 4,
    "lex_words": [2, 0, 0, 0], "lex_near": [0, 0, 0, 4], "lex_around": [0] * 4, "lex": [2, 0, 0, 4],
    "lex_before_2": [-3, -3, 2, 0], "lex_before": [-3, 2, 0, 0], "lex_after": [0, 0, 4, -3],
    "lex_after_2": [0, 4, -3, -3], "lex_heading": [2] * 4, "lex_heading_words": [2] * 4,
    "chance": [0.1, 0.9, 0.5, 0.2], "before_2": [-0.1, -0.1, 0.1, 0.9], "before": [-0.1, 0.1, 0.9, 0.5],
    "after": [0.9, 0.5, 0.2, -0.1], "after_2": [0.5, 0.2, -0.1, -0.1], "best_before": [-0.1, 0.1, 0.9, 0.9],
    "best_after": [0.9, 0.5, 0.2, -0.1], "page_best": [0.9] * 4, "heading_chance": [0.1] * 4,
    "container": [0.1, 0.9, 0.5, 0.2], "same": [0.1, 0.9, 0.5, 0.2], "window_15": [12.01 / 20.2] * 4,
    "page": [12.01 / 20.2] * 4, "kept_before": [0.23 / 12.01, 9.5 / 12.01, 11.15 / 12.01, 1],
}  # fmt: skip


@pytest.fixture(scope="module")
def found() -> dict[str, list[float]]:
    """The columns of PAGE by name."""
    body = parse(PAGE).find("body")
    assert body is not None
    layout = Layout(body)
    page = Structure(layout)
    made = columns(layout, page, Lexicon({"wsold": 2.0, "t0li": 4.0}), HINTS)
    write_second(page, made, array("d", [0.1, 0.9, 0.5, 0.2]))
    return {name: [made.values[row, i] for i in range(4)] for row, name in enumerate(made.names)}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_name_has_its_numbers(found: dict[str, list[float]], name: str) -> None:
    assert found[name] == pytest.approx(EXPECTED[name], rel=1e-3)


def test_the_columns_of_the_second_look_come_last(found: dict[str, list[float]]) -> None:
    assert tuple(found)[-len(SECOND) :] == SECOND
