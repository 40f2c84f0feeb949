"""Formulas, in TeX."""

from turbohtml import Element

_TEX_TYPES = ("application/x-tex", "TeX", "text/x-tex")
# The elements that may state a formula whatever their class.
FORMULA_TAGS = frozenset({"script", "math"})
# The part of a rendered formula that only draws what another part states.
_DRAWINGS = {"katex-html", "MathJax_Preview", "MJX_Assistive_MathML", "mwe-math-fallback-image-inline"}
_DRAWING = ",".join(f".{name}" for name in sorted(_DRAWINGS))


def draws_formulas(body: Element) -> bool:
    """Whether a rendered formula stands anywhere under an element."""
    return body.select_one(_DRAWING) is not None


def tex_of(element: Element) -> str | None:
    """The TeX of an element that is a formula, empty for a second drawing of one; None for any other element."""
    tag = element.tag
    if tag == "script":
        kind = element.attr("type") or ""
        return element.text.strip() if kind.startswith("math/tex") else None
    if tag == "math":
        return _from_mathml(element)
    names = element.attr("class")
    if names and _DRAWINGS.intersection(names.split()):
        return ""
    return None


def is_display(element: Element) -> bool:
    """Whether a formula stands on a line of its own."""
    if element.tag == "script":
        return "mode=display" in (element.attr("type") or "")
    return element.attr("display") == "block"


def _from_mathml(element: Element) -> str:
    for annotation in element.iter_elements("annotation"):
        if annotation.attr("encoding") in _TEX_TYPES:
            return annotation.text.strip()
    return (element.attr("alttext") or " ".join(element.text.split())).strip()
