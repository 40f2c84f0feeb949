"""How good an extraction looks."""

from math import exp
from typing import Any

from alterlab_server.extract.body import Body

# A page whose body has fewer words has often not been drawn yet, or shows a notice instead of its content.
FEW_WORDS = 50
UNSURE = 0.35


def content_quality(body: Body) -> dict[str, Any]:
    """Words, images, and a score from 0 to 1: how sure the choice of the body was, less for very short ones."""
    images = sum(1 for _ in body.element.iter_elements("img"))
    score = body.certainty * (1 - exp(-body.words / FEW_WORDS))
    return {"word_count": body.words, "image_count": images, "score": round(score, 3)}


def quality_warning(quality: dict[str, Any], body: Body, size: int) -> dict[str, Any] | None:
    """The API's warning about a thin or doubtful result of a body of `size` bytes; None for a good one."""
    words = quality["word_count"]
    if words < FEW_WORDS:
        code, reason = "thin_content", f"the page has only {words} {'word' if words == 1 else 'words'} of content"
    elif body.certainty < UNSURE:
        code, reason = "uncertain_content", "the content could not be told from the page around it with confidence"
    else:
        return None
    return {"code": code, "reason": reason, "word_count": words, "content_size_bytes": size}
