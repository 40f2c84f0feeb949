"""Formulas: one `<math>`, its TeX in `alttext`, in place of all that a page draws of it for the eye and the ear."""

from turbohtml import Document, Element, Text

_SCRIPTS = "script[type^='math/tex']"
_IMAGES = "img[class*=mwe-math-fallback-image]"
# What KaTeX and MediaWiki draw of a formula that they state beside it, and MathJax 2 before it has drawn.
_DRAWINGS = ".katex-html,.MathJax_Preview"
# MathJax 2 states the formula in a script behind its drawing.
_DRAWN_OF_SCRIPTS = (
    ".MathJax,.MathJax_Display,.MathJax_CHTML,.MathJax_SVG,.MathJax_SVG_Display,.MJXc-display,.MJX_Assistive_MathML"
)
_DISPLAYED = ".katex-display,mjx-container[display=true],.mwe-math-mathml-display,.mwe-math-element-block"
_TEX_TYPES = ("application/x-tex", "TeX", "text/x-tex")


def settle_formulas(tree: Document) -> None:
    """Leave of each formula in a page one `<math>`; its `alttext` is the TeX where the page states it."""
    body = tree.find("body")
    if body is None or not any(map(tree.select_one, ("math", _SCRIPTS, _IMAGES))):
        return
    scripts = tree.select(_SCRIPTS)
    body.remove(f"{_DRAWINGS},{_DRAWN_OF_SCRIPTS}" if scripts else _DRAWINGS)
    for script in scripts:
        script.replace_with(_formula(script.text, display="mode=display" in (script.attr("type") or "")))
    for image in tree.select(_IMAGES):
        whole = image.closest(".mwe-math-element")
        if whole is not None and whole.find("math") is not None:
            image.extract()
        elif tex := image.attr("alt"):
            image.replace_with(_formula(tex, display="display" in (image.attr("class") or "")))
    for math in tree.select("math"):
        if tex := _stated(math):
            math.attrs["alttext"] = tex
        if math.closest(_DISPLAYED) is not None:
            math.attrs["display"] = "block"
        math.remove("annotation,annotation-xml")


def _stated(math: Element) -> str:
    """The TeX that a formula in MathML comes with; empty for none."""
    for annotation in math.iter_elements("annotation"):
        if annotation.attr("encoding") in _TEX_TYPES:
            return annotation.text.strip()
    return (math.attr("alttext") or "").strip()


def _formula(tex: str, *, display: bool) -> Element:
    placed = {"display": "block"} if display else {}
    return Element("math", {"alttext": tex.strip(), **placed}, [Text(tex.strip())])
