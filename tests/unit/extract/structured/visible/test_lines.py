import pytest

from alterlab_server.extract.structured.visible.lines import labelled, visible_lines
from alterlab_server.extract.structured.visible.vocabulary import Labels

LABELS = Labels({"sku": "sku|nr ref|code|商品編號", "brand": "brand"})


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["SKU: A-7"], {"sku": "A-7"}),
        (["SKU - A-7"], {"sku": "A-7"}),
        (["Sku:", "A-7"], {"sku": "A-7"}),
        (["SKU", "A-7"], {"sku": "A-7"}),
        (["Nr ref. 82514"], {"sku": "82514"}),
        (["Oak table Code: 73556"], {"sku": "73556"}),
        (["〈商品編號：M148〉"], {"sku": "M148"}),
        (["Brand: R.K."], {"brand": "R.K."}),
        (["Our brand is known for what it does: good tables"], {}),
        (["SKU:"], {}),
        (["SKU: " + "x" * 300], {}),
    ],
)
def test_labels_and_their_values(lines, found):
    assert {field: values[0].value for field, values in labelled(lines, LABELS).items()} == found


def test_columns_are_lines():
    assert visible_lines("* a\n\nBrand   Acme\tCo\nc\xa0d") == ["a", "Brand", "Acme\tCo", "c d"]
