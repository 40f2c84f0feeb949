"""How a product is rated, as its page shows it near the heading."""

import re
from collections.abc import Iterator, Sequence

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.amounts import number

# A line that is a rating says little else.
MAX_LINE = 60
_MOST_STARS = 5

_OF = r"(?:/|out of|of|von|sur|de|di|su|van(?: de)?|op|av|af|z|ze|из|üzerinden|（|\()"
_FIGURE = r"(?<![\d.,])(?P<figure>\d(?:[.,]\d{1,2})?)"
_OUT_OF = re.compile(
    rf"{_FIGURE}\s?(?:★\s?)?{_OF}\s?5(?![\d.,]*\d)|5つ星のうち\s?(?P<behind>\d(?:\.\d{{1,2}})?)", re.IGNORECASE
)
_REVIEWS = (
    r"(?:reviews?|ratings?|[^\W\d_]{0,15}(?:bewertung|rezension)(?:en)?|avis|évaluations?|notes?|opiniones|"
    r"opinión|reseñas?|valoraci(?:ones|ón)|calificaciones|recension[ei]|valutazion[ei]|avaliaç(?:ões|ão)|opini[iea]|"
    r"opinii|ocen[ay]?|beoordeling(?:en)?|recensies?|recenz[eí]|hodnocení|отзыв(?:а|ов)?|оцен(?:ок|ки|ка)|"
    r"değerlendirme|yorum|omdömen|recensioner|anmeldelser|vurderinger|arvostelua|értékelés|レビュー|クチコミ|条评价|則評價|评价|評價|리뷰|후기)"
)
_STARS = re.compile(
    r"star|stern|étoile|estrella|stell[ae]|estrela|ster(?:ren)?\b|gwiazd|звезд|звёзд|yıldız|つ星|별점|★"
)
_COUNT = re.compile(
    rf"(?<![\d.,])(?P<count>\d[\d.,\s]{{0,9}})\s?(?:件の|(?:customer|verified|global|user)\s)?{_REVIEWS}(?![^\W\d_])"
    rf"|{_REVIEWS}\s?[:：(（]?\s?(?P<behind>\d[\d.,]{{0,9}})(?:\s?件)?",
    re.IGNORECASE,
)
_BESIDE_COUNT = re.compile(rf"{_FIGURE}(?![\d.,]*\d)")
_BETWEEN = " ★|·•-–("
_GLYPHS = re.compile(r"(★+)(☆+)")


def shown_rating(lines: Sequence[str]) -> Found | None:
    """The rating out of five that these lines show: "4,5 von 5 Sternen", "4.5 (120 reviews)", "★★★★☆"."""
    return next(_ratings(lines), None)


def shown_review_count(lines: Sequence[str]) -> Found | None:
    """How many reviews or ratings these lines speak of; None for none."""
    for line in lines:
        found = _COUNT.search(_OUT_OF.sub(" ", line)) if len(line) <= MAX_LINE else None
        count = number(found["count"] or found["behind"]) if found else None
        if count and isinstance(count, int):
            return Found(count, "html", line)
    return None


def _ratings(lines: Sequence[str]) -> Iterator[Found]:
    for line in lines:
        value = _rating(line) if len(line) <= MAX_LINE else None
        if value is not None and 0 < value <= _MOST_STARS:
            yield Found(value, "html", line)


def _rating(line: str) -> int | float | None:
    lowered = line.lower()
    counted = _COUNT.search(_OUT_OF.sub(" ", lowered))
    if found := _OUT_OF.search(lowered):
        figure = found["figure"] or found["behind"]
        # "3 of 5" may be the number of a picture.
        if counted or set(".,") & set(figure) or _STARS.search(lowered):
            return number(figure)
    elif counted and (beside := _BESIDE_COUNT.match(lowered[: counted.start()].strip(_BETWEEN))):
        return number(beside["figure"])
    drawn = _GLYPHS.search(line)
    return len(drawn[1]) if drawn and len(drawn[0]) == _MOST_STARS else None
