from array import array
from itertools import chain

from turbohtml import parse

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.select import choose
from alterlab_server.extract.body.structure import Structure


def chosen(*containers: list[float], **options: float) -> list[bool]:
    """What is kept of containers whose blocks have these chances, ten words each."""
    paragraph = f"<p>{'word ' * 10}</p>"
    markup = "".join(f"<div>{paragraph * len(chances)}</div>" for chances in containers)
    return kept(markup, list(chain.from_iterable(containers)), **options)


def kept(markup: str, chances: list[float], **options: float) -> list[bool]:
    body = parse(markup).find("body")
    assert body is not None
    return choose(Structure(Layout(body)), array("d", chances), **options)


def test_sure_blocks_are_kept_and_unlikely_ones_are_not() -> None:
    assert chosen([0.05, 0.95, 0.9, 0.02]) == [False, True, True, False]


def test_where_nothing_is_certain_something_is_kept_all_the_same() -> None:
    assert sum(chosen([0.2, 0.25, 0.2, 0.22])) >= 3


def test_a_block_has_to_stand_near_the_best() -> None:
    assert chosen([0.9, 0.9, 0.5, 0.5]) == [True] * 4
    assert chosen([0.9, 0.9, 0.4, 0.4]) == [True, True, False, False]


def test_a_block_outside_of_the_main_container_has_to_stand_nearer() -> None:
    assert chosen([0.9, 0.9, 0.9, 0.55], [0.05, 0.05, 0.55]) == [True] * 4 + [False] * 3


def test_beside_an_article_little_is_kept() -> None:
    page = [0.95, 0.95, 0.95, 0.95], [0.6]
    assert chosen(*page, article=0.2) == [True] * 5
    assert chosen(*page, article=1.0) == [True] * 4 + [False]


def test_strictness_keeps_less() -> None:
    chances = [0.9, 0.8, 0.55, 0.5, 0.45]
    assert sum(chosen(chances, strictness=1.6)) < sum(chosen(chances))


def test_one_block_is_always_kept() -> None:
    assert chosen([0.001]) == [True]


def test_a_menu_is_chosen_only_where_it_is_most_of_the_page() -> None:
    links = '<p><a href="/">Some place</a></p>' * 8
    chances = [0.9] * 8 + [0.3]
    assert kept(f"{links}<p>{'word ' * 30}</p>", chances) == [False] * 8 + [True]
    assert kept(links, chances[:8]) == [True] * 8
    index = kept(links * 20 + "<p>Index of all places, by name</p>", [0.9] * 160 + [0.3])
    assert index == [True] * 160 + [False]


def test_headlines_in_links_are_no_menu() -> None:
    links = f'<p><a href="/">{"word " * 8}</a></p>' * 8
    assert kept(f"{links}<p>{'word ' * 30}</p>", [0.9] * 8 + [0.3]) == [True] * 8 + [False]
