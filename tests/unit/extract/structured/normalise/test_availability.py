import pytest

from alterlab_server.extract.structured.normalise.availability import availability


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("http://schema.org/InStock", "InStock"),
        ("https://schema.org/OutOfStock/", "OutOfStock"),
        ("out_of_stock", "OutOfStock"),
        ("in stock", "InStock"),
        ("Not in stock", "OutOfStock"),
        ("preorder", "PreOrder"),
        ("Nicht auf Lager", "OutOfStock"),
        ("Auf Lager, sofort lieferbar", "InStock"),
        ("Rupture de stock", "OutOfStock"),
        ("在庫あり", "InStock"),
        ("残り3点", "LimitedAvailability"),
        ("재고 있음", "InStock"),
        ("غير متوفر", "OutOfStock"),
        ("متوفر", "InStock"),
        ("สินค้าหมด", "OutOfStock"),
        ("Còn hàng", "InStock"),
        (True, "InStock"),
        (False, "OutOfStock"),
        ("", None),
        ("We ship everything that is in stock to all countries of the world within a very few days", None),
    ],
)
def test_availability(raw, name):
    assert availability(raw) == name
