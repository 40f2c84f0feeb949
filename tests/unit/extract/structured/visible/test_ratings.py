"""Ratings as shops write them."""

import pytest

from alterlab_server.extract.structured.visible.ratings import MAX_LINE, shown_rating, shown_review_count


@pytest.mark.parametrize(
    ("line", "rating", "count"),
    [
        ("4.5 out of 5 stars", 4.5, None),
        ("4.6 out of 5 stars 2,842 ratings", 4.6, 2842),
        ("5 out of 5 Customer Rating", None, None),
        ("4,7 (1.234 Bewertungen)", 4.7, 1234),
        ("4,7 von 5 Sternen 479 Sternebewertungen", 4.7, 479),
        ("4,6 sur 5 (230 avis)", 4.6, 230),
        ("Ocena: 4.8/5 (15 opinii)", 4.8, 15),
        ("4,9 из 5", 4.9, None),
        ("2 499 отзывов", None, 2499),
        ("5つ星のうち4.2", 4.2, None),
        ("レビュー（45件）", None, 45),
        ("★★★★☆", 4, None),
        ("★★★★★", None, None),
        ("96% (120 ratings)", None, 120),
        ("1 / 5", None, None),
        ("3 of 5", None, None),
        ("0 reviews", None, None),
        ("Be the first to review", None, None),
        ("4.5 out of 5 stars " + "x" * MAX_LINE, None, None),
    ],
)
def test_what_a_line_shows(line: str, rating: float | None, count: int | None) -> None:
    rated, counted = shown_rating([line]), shown_review_count([line])
    assert (rated.value if rated else None, counted.value if counted else None) == (rating, count)
