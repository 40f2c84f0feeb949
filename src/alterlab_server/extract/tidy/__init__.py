"""Making a body say each thing once and in its place, for all formats: what a page draws twice, for scripts or beside
its text, goes."""

from turbohtml import Element

from alterlab_server.extract.tidy.code import settle_code
from alterlab_server.extract.tidy.fallbacks import settle_fallbacks
from alterlab_server.extract.tidy.formulas import settle_formulas
from alterlab_server.extract.tidy.numbers import settle_numbers
from alterlab_server.extract.tidy.permalinks import drop_permalinks
from alterlab_server.extract.tidy.tags import settle_tags
from alterlab_server.extract.tidy.terms import settle_terms

__all__ = ["tidy"]


def tidy(body: Element) -> None:
    """Settle a body that was cut out of its page; the tree is changed."""
    settle_fallbacks(body)
    settle_formulas(body)
    settle_code(body)
    drop_permalinks(body)
    settle_numbers(body)
    settle_tags(body)
    settle_terms(body)
