"""Images: where they come from, also when a script is meant to load them."""

from turbohtml import Element

# Where lazy loaders keep the real address, in the order in which they are asked.
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-url", "data-image")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")


def image_source(element: Element) -> str | None:
    """The address of an `<img>`; a placeholder in `src` gives way to what a lazy loader would show."""
    source = (element.attr("src") or "").strip()
    for name in _LAZY:
        if lazy := (element.attr(name) or "").strip():
            return lazy
    if source and not source.startswith("data:"):
        return source
    for name in _SETS:
        if candidates := (element.attr(name) or "").split():
            return candidates[0].rstrip(",")
    return None
