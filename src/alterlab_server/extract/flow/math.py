"""Formulas, in TeX."""

from turbohtml import Element


def tex_of(math: Element) -> str:
    """The TeX of a `<math>`, else what its parts say in a row."""
    return (math.attr("alttext") or " ".join(math.text.split())).strip()


def is_display(math: Element) -> bool:
    """Whether a formula stands on a line of its own."""
    return math.attr("display") == "block"
