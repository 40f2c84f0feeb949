import pytest
from turbohtml import parse

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.lexicon import Lexicon, block_size, block_words, terms
from alterlab_server.extract.body.structure import Structure

WEIGHTS = {"crelated": -1.0, "cposts": -0.5, "cpost": 0.25, "arelated": -0.125, "wssay": 2.0, "f€": -4.0, "f€ say": 8.0}


def layout(markup: str) -> Layout:
    body = parse(markup).find("body")
    assert body is not None
    return Layout(body)


def near(classes: str) -> float:
    """What the lexicon gives to a paragraph with these classes for the names close to it."""
    page = Structure(layout(f'<p class="{classes}">Text</p>'))
    return Lexicon(WEIGHTS).names(page)[0][page.size - 1]


def test_words_are_letters_and_the_signs_of_prices() -> None:
    (block,) = layout("<p>Näher: 3x €20 – it's ©&nbsp;2020, 東京</p>").blocks
    assert block_words(block) == ["näher", "x", "€", "it", "s", "©", "東京"]
    blocks = layout("<p>It's $20 off_line</p><p>It's 20 off_line</p>").blocks
    assert [block_words(block) for block in blocks] == [["it", "s", "$", "off", "line"], ["it", "s", "off", "line"]]


@pytest.mark.parametrize(
    "text", ["Näher: 3x €20 – it's ©2020, 東京", "$$ ², ½ and Ⅷ", "İstanbul ΣΑΣ 100€", "a_b-c", "¿qué?"]
)
def test_each_of_these_words_counts(text: str) -> None:
    (block,) = layout(f"<p>{text}</p>").blocks
    words, size = block_words(block), f"w{block_size(block)}"
    weights = {f"{size}{word}": 2.0**place for place, word in enumerate(dict.fromkeys(words))}
    started = weights | {f"f{words[0]}": 1000.0, f"f{' '.join(words[:2])}": 2000.0}
    assert Lexicon(weights).texts([block])[0] == sum(weights[f"{size}{word}"] for word in words)
    (found,) = terms([block])
    assert Lexicon(started).texts([block])[0] == sum(started.get(term, 0.0) for term in found)


def test_words_count_by_the_length_of_their_block_and_its_beginning() -> None:
    assert Lexicon(WEIGHTS).texts(layout("<p>€ 5 say</p>").blocks)[0] == 6.0


def test_an_unknown_class_name_is_read_by_the_known_words_in_it() -> None:
    assert near("related posts") == near("relatedposts") == near("xrelatedpoststitle") == -1.5


def test_a_short_class_name_and_an_endless_one_are_not_searched() -> None:
    assert near("xxposts") == near("related" * 9) == 0.0


def test_what_is_anywhere_around_has_its_own_weights() -> None:
    page = Structure(layout('<div class="relatedposts"><div><div><p>Text</p></div></div></div>'))
    near, around = Lexicon(WEIGHTS).names(page)
    assert (near[page.size - 1], around[page.size - 1]) == (0.0, -0.125)
