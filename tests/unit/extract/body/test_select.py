import numpy as np

from alterlab_server.extract.body.page_type import PAGE_TYPES
from alterlab_server.extract.body.select import choose, standing


def chosen(chances: list[float], words: list[int] | None = None, **options: float) -> list[bool]:
    weights = np.array(words or [10] * len(chances), float)
    return choose(weights, np.array(chances), **options).tolist()


def test_sure_blocks_are_kept_and_unlikely_ones_are_not() -> None:
    assert chosen([0.05, 0.95, 0.9, 0.02]) == [False, True, True, False]


def test_where_nothing_is_certain_something_is_kept_all_the_same() -> None:
    assert sum(chosen([0.2, 0.25, 0.2, 0.22])) >= 3


def test_a_block_has_to_stand_near_the_best() -> None:
    chances = [0.95, 0.93, 0.94, 0.5, 0.5]
    assert chosen(chances) == [True] * 5
    assert chosen(chances, least=0.6) == [True, True, True, False, False]


def test_strictness_keeps_less() -> None:
    chances = [0.9, 0.8, 0.55, 0.5, 0.45]
    assert sum(chosen(chances, strictness=1.6)) < sum(chosen(chances))


def test_one_block_is_always_kept() -> None:
    assert chosen([0.001], least=1.0) == [True]


def test_what_a_block_has_to_reach_depends_on_the_page_type() -> None:
    sure = {name: standing({name: 1.0}) for name in PAGE_TYPES}
    assert sure["article"] > sure["service"]
    assert standing({"article": 0.5, "service": 0.5}) == (sure["article"] + sure["service"]) / 2
