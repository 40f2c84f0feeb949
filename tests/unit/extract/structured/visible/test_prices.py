import pytest

from alterlab_server.extract.structured.visible.prices import price_after, prices_in


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("£36.50", [36.5]),
        ("1.299,00 €", [1299]),
        ("1.299 €", [1299]),
        ("540,00 Kn 270,00 Kn", [540, 270]),
        ("131 990 тг.", [131990]),
        ("€ 206,-", [206]),
        ("1.299,- inkl. MwSt.", [1299]),
        ("1 299:-", [1299]),
        ("Only 3:-) left", []),
        ("₹1,29,999.00", [129999]),
        ("30,000원", [30000]),
        ("¥2,320", [2320]),
        ("12 reviews", []),
        ("30 days", []),
        ("as low as $1,0006Footnote 8", []),
        ("Free delivery on every order that is worth more than 50 € or so", []),
    ],
)
def test_prices_of_a_line(line, values):
    assert [value for _, value in prices_in(line)] == values


@pytest.mark.parametrize(
    ("lines", "price"),
    [
        (["Lamp", "£20"], 20),
        (["Lamp", "144 990 тг.", "131 990 тг."], 131990),
        (["Lamp", "£20 £15"], 15),
        (["Lamp", "£20", "£1 delivery"], 20),
        (["Lamp", "12,44 € + 6,99 €"], 12.44),
        (["Lamp", "We sell lamps from £5 and up for you"], None),
        (["Lamp"], None),
    ],
)
def test_the_price_of_a_product(lines, price):
    found = price_after(lines, 0, len(lines))
    assert (found[1] if found else None) == price
