"""Images: where they come from, also when a script is meant to load them."""

import re

from turbohtml import Element

# Where lazy loaders keep the real address, in the order in which they are asked: then `src` has a placeholder.
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-lazyload")
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
# These hold the address of something else beside a `src` that loads.
_OTHERWISE = ("data-url", "data-image")
# https://html.spec.whatwg.org/multipage/images.html#srcset-attributes
_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)[wx])?\s*(?:,|$)")


def image_source(element: Element) -> str | None:
    """The address of an `<img>`; a placeholder in `src` gives way to what a lazy loader would show."""
    if lazy := _first(element, _LAZY) or _largest(element, _LAZY_SETS):
        return lazy
    source = (element.attr("src") or "").strip()
    if source and not source.startswith("data:"):
        return source
    return _first(element, _OTHERWISE) or _largest(element, ("srcset",)) or _of_picture(element)


def _of_picture(image: Element) -> str | None:
    """The address that the last `<source>` beside an image gives: the formats that most browsers know stand last."""
    picture = image.parent
    if not isinstance(picture, Element) or picture.tag != "picture":
        return None
    sources = (_largest(source, ("srcset", *_LAZY_SETS)) for source in reversed(list(picture.iter_elements("source"))))
    return next(filter(None, sources), None)


def _first(element: Element, names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := (element.attr(name) or "").strip())), None)


def _largest(element: Element, names: tuple[str, ...]) -> str | None:
    """The candidate of the first of these sets that has the most pixels."""
    candidates = _CANDIDATE.findall(_first(element, names) or "")
    usable = [(float(size or 1), url) for url, size in candidates if not url.startswith("data:")]
    return max(usable, key=lambda candidate: candidate[0])[1] if usable else None
