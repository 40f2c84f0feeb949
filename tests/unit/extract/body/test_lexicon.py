from turbohtml import parse

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.lexicon import Lexicon, block_words
from alterlab_server.extract.body.structure import Structure

WEIGHTS = {"crelated": -1.0, "cposts": -0.5, "cpost": 0.25, "arelated": -0.125, "wssay": 2.0, "f€": -4.0, "f€ say": 8.0}


def layout(markup: str) -> Layout:
    body = parse(markup).find("body")
    assert body is not None
    return Layout(body)


def near(classes: str) -> float:
    """What the lexicon gives to a paragraph with these classes for the names close to it."""
    page = Structure(layout(f'<p class="{classes}">Text</p>'))
    return Lexicon(WEIGHTS).names(page.containers, page.parents)[0][-1]


def test_words_are_letters_and_the_signs_of_prices() -> None:
    assert block_words(layout("<p>Näher: 3x €20 – it's ©&nbsp;2020, 東京</p>").blocks) == [
        ["näher", "x", "€", "it", "s", "©", "東京"]
    ]
    assert block_words(layout("<p>It's $20 off_line</p><p>It's 20 off_line</p>").blocks) == [
        ["it", "s", "$", "off", "line"],
        ["it", "s", "off", "line"],
    ]


def test_words_count_by_the_length_of_their_block_and_its_beginning() -> None:
    assert Lexicon(WEIGHTS).texts(layout("<p>€ 5 say</p>").blocks) == [6.0]


def test_an_unknown_class_name_is_read_by_the_known_words_in_it() -> None:
    assert near("related posts") == near("relatedposts") == near("xrelatedpoststitle") == -1.5


def test_a_short_class_name_and_an_endless_one_are_not_searched() -> None:
    assert near("xxposts") == near("related" * 9) == 0.0


def test_what_is_anywhere_around_has_its_own_weights() -> None:
    page = Structure(layout('<div class="relatedposts"><div><div><p>Text</p></div></div></div>'))
    near, around = Lexicon(WEIGHTS).names(page.containers, page.parents)
    assert (near[-1], around[-1]) == (0.0, -0.125)
