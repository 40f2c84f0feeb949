import pytest

from alterlab_server.extract.structured.normalise.amounts import amount, count, currency, number


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("19.50", 19.5),
        ("1299.00", 1299),
        (24.99, 24.99),
        ("$1,299.99", 1299.99),
        ("1.299,00 €", 1299),
        ("CHF 1’299.50", 1299.5),
        ("¥2,320", 2320),
        ("-5", None),
        ("free shipping on all orders over 50 dollars placed before the end of the week", None),
        ("call us", None),
        (True, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_amount(raw, value):
    assert amount(raw) == value


@pytest.mark.parametrize(
    ("raw", "country", "code"),
    [
        ("usd", "", "USD"),
        ("£36.50", "", "GBP"),
        ("1.299,00 €", "", "EUR"),
        ("$9", "", "USD"),
        ("$9", "au", "AUD"),
        ("149 kr", "se", "SEK"),
        ("￥1,299.00", "cn", "CNY"),
        ("￥1,299", "", "JPY"),
        ("9", "", None),
        (None, "", None),
    ],
)
def test_currency(raw, country, code):
    assert currency(raw, country) == code


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("4,5 of 5 stars", 4.5),
        ("1,234 reviews", 1234),
        ("1,29,999 ratings", 129999),
        ({"@value": "7"}, 7),
        ("none", None),
        (False, None),
        (3.0, 3),
    ],
)
def test_number(raw, value):
    assert number(raw) == value


def test_count_is_whole():
    assert count("12.0") == 12
    assert count("no reviews") is None
    assert count(1e30) is None
