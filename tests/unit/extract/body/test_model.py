from array import array

import pytest
from turbohtml import parse

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.model import Judgement
from alterlab_server.extract.body.page_type import PAGE_TYPES
from alterlab_server.extract.body.structure import Structure

FIGURES = range(1, 3)


@pytest.mark.parametrize(("article", "chance", "belongs"), [(0.95, 0.5, True), (0.95, 0.2, False), (0.5, 0.5, False)])
def test_figures_amid_an_article_belong_to_it_unless_they_are_unlikely(
    article: float, chance: float, belongs: bool
) -> None:
    body = parse(f"<p>{'word ' * 20}</p><p>1</p><p>2</p><p>{'word ' * 20}</p>").find("body")
    assert body is not None
    types = dict.fromkeys(PAGE_TYPES, 0.0) | {"article": article}
    found = Judgement(Structure(Layout(body)), array("d", [0.9, chance, chance, 0.9]), types)
    assert found.continues(FIGURES) == belongs
