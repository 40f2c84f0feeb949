"""Making a body say each thing once and in its place, for all formats: what a page draws twice, for scripts or beside
its text, goes."""

from alterlab_server.extract.document import Document
from alterlab_server.extract.tidy.code import settle_code
from alterlab_server.extract.tidy.fallbacks import settle_fallbacks
from alterlab_server.extract.tidy.formulas import settle_formulas
from alterlab_server.extract.tidy.numbers import settle_numbers
from alterlab_server.extract.tidy.permalinks import drop_permalinks
from alterlab_server.extract.tidy.tags import settle_tags
from alterlab_server.extract.tidy.terms import settle_terms

__all__ = ["tidy"]


def tidy(document: Document) -> None:
    """Settle the body of a page; the tree is changed.

    Each step asks the whole tree for elements of one tag, which are indexed: most pages have few of what is settled.
    """
    tree = document.tree
    settle_fallbacks(tree)
    settle_formulas(tree)
    settle_code(tree)
    drop_permalinks(tree)
    settle_numbers(tree)
    settle_tags(tree)
    settle_terms(tree)
