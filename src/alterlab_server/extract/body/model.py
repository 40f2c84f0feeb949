"""The learned judge of pages: a lexicon, two sets of decision trees, and the page types.

All were fitted by bench/train_body.py on pages whose content is marked; docs/extraction.md says which, and by whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import orjson

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.columns import Column, mean_over
from alterlab_server.extract.body.features import columns
from alterlab_server.extract.body.forest import Forest
from alterlab_server.extract.body.hints import Hints
from alterlab_server.extract.body.lexicon import Lexicon
from alterlab_server.extract.body.page_type import Chances, PageTypes, most_telling
from alterlab_server.extract.body.select import best_chance, choose
from alterlab_server.extract.body.smooth import write_second
from alterlab_server.extract.body.structure import Structure

# On a page that is surely an article, a table has to reach this part of the best chance: of those that do on labelled
# pages and were not chosen cell by cell, ten sites' were content and three sites' were not.
_ARTICLE, _CONTINUED = 0.8, 0.35


@dataclass(frozen=True)
class Judgement:
    """For each block the chance that a reader would call it content; the chance of each page type."""

    page: Structure
    chances: Column
    types: Chances

    @property
    def page_type(self) -> str:
        """The page type to name."""
        return most_telling(self.types)

    def chosen(self, strictness: float) -> list[bool]:
        """The blocks to keep; a strictness above 1 keeps less."""
        return choose(self.page, self.chances, article=self.types["article"], strictness=strictness)

    def continues(self, span: range) -> bool:
        """Whether some blocks amid the text of an article, being figures, belong to it all the same."""
        if self.types["article"] < _ARTICLE:
            return False
        return mean_over(self.chances, self.page.words, span) > _CONTINUED * self._best_chance

    @cached_property
    def _best_chance(self) -> float:
        return best_chance(self.page.words, self.chances)

    def certainty(self, kept: Sequence[bool]) -> float:
        """The mean chance of the words that are kept, 0 for none."""
        places = [place for place, keep in enumerate(kept) if keep]
        return mean_over(self.chances, self.page.words, places) if places else 0.0


class Judge:
    """What was fitted, and how it is asked."""

    def __init__(self, lexicon: Lexicon, first: Forest, second: Forest, page_types: PageTypes) -> None:
        self.lexicon, self.first, self.second, self.page_types = lexicon, first, second, page_types

    def judge(self, layout: Layout, hints: Hints) -> Judgement:
        """Judge the blocks of a page that has some."""
        page = Structure(layout)
        found = columns(layout, page, self.lexicon, hints)
        write_second(page, found, self.first.chances(found))
        types = self.page_types.chances(layout, found, hints)
        return Judgement(page, self.second.chances(found), types)


@cache
def shipped_judge() -> Judge:
    """The one that ships with the package."""
    lexicon, trees, types = (
        orjson.loads(files(__package__).joinpath(name).read_bytes())
        for name in ("lexicon.json", "trees.json", "page_types.json")
    )
    return Judge(Lexicon(lexicon), Forest(trees["first"]), Forest(trees["second"]), PageTypes(types))
