import pytest

from alterlab_server.extract.structured.visible.pay import salary_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$80k - $100k a year", (80_000, 100_000, "USD", "YEAR")),
        ("45.000–55.000 € brutto/Jahr", (45_000, 55_000, "EUR", "YEAR")),
        ("EUR 60,000 per annum", (60_000, 60_000, "EUR", "YEAR")),
        ("£12.50 per hour, 40 hours per week", (12.5, 12.5, "GBP", "HOUR")),
        ("ab 3.500 Euro", (3_500, 3_500, "EUR", None)),
        ("CHF 90'000 - 110'000", (90_000, 110_000, "CHF", None)),
        ("€ 2.400 tot € 2.900 per maand", (2_400, 2_900, "EUR", "MONTH")),
        ("5 500 – 6 800 zł / mies.", (5_500, 6_800, "PLN", "MONTH")),
        ("12-16 € / Std.", (12, 16, "EUR", "HOUR")),
    ],
)
def test_salaries(text: str, expected: tuple[object, ...]) -> None:
    found = salary_in(text, "")
    assert found is not None
    assert tuple(found.get(name) for name in ("min", "max", "currency", "period")) == expected


@pytest.mark.parametrize("text", ["40 hours per week", "Competitive", "Grade 7", "$" * 200])
def test_what_is_none(text: str) -> None:
    assert salary_in(text, "") is None
