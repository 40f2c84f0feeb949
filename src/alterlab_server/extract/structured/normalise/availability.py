"""Availability as schema.org names it (https://schema.org/ItemAvailability)."""

import re
from typing import Any

from alterlab_server.extract.structured.normalise.text import plain

_NAMES = {
    name.lower(): name
    for name in (
        "InStock", "OutOfStock", "PreOrder", "BackOrder", "LimitedAvailability", "SoldOut", "Discontinued",
        "InStoreOnly", "OnlineOnly", "PreSale", "MadeToOrder", "Reserved",
    )
}  # fmt: skip

# A label is short; a sentence longer than this speaks of deliveries, not of this product's stock.
_MAX_LABEL = 80

# The first words that stand in a label decide, so that "not in stock" is read before "in stock".
_WORDS = tuple(
    (word, name)
    for name, row in (
        (
            "Discontinued",
            "discontinued|no longer available|nicht mehr lieferbar|descatalogado|n'est plus commercialisé",
        ),
        (
            "SoldOut",
            "sold out|ausverkauft|épuisé|esgotado|uitverkocht|wyprzedane|udsolgt|slutsåld|"
            "utsolgt|売り切れ|售罄|已售完|распродано",
        ),
        (
            "OutOfStock",
            "out of stock|out-of-stock|outofstock|not in stock|unavailable|not available|"
            "no stock|nicht auf lager|nicht verfügbar|nicht vorrätig|derzeit nicht|"
            "nicht lieferbar|rupture de stock|en rupture|indisponible|non disponible|"
            "non disponibile|esaurito|agotado|no disponible|sin existencias|sin stock|"
            "indisponível|sem estoque|fora de estoque|niet op voorraad|niet leverbaar|"
            "niedostępny|brak w magazynie|vyprodáno|není skladem|nincs raktáron|stokta yok|"
            "tükendi|нет в наличии|немає в наявності|在庫切れ|在庫なし|缺货|缺貨|無庫存|품절|slut i lager|"
            "ikke på lager|loppu varastosta|εξαντλημένο|无货|재고 없|غير متوفر|نفد|สินค้าหมด|hết hàng",
        ),
        ("PreOrder", "pre-order|preorder|pre order|vorbestell|précommande|preventa|preordine|pré-venda|предзаказ|予約"),
        ("BackOrder", "backorder|back-order|back order|available for order|sur commande|nachbestell|под заказ"),
        (
            "LimitedAvailability",
            "limited availability|low stock|nur noch|plus que|few left|últimas unidades|ultimi pezzi|残り",
        ),
        (
            "InStock",
            "in stock|instock|in-stock|available|auf lager|lieferbar|verfügbar|vorrätig|sofort|"
            "en stock|disponible|disponibile|disponibilità immediata|disponível|em estoque|"
            "op voorraad|leverbaar|dostępny|w magazynie|skladem|raktáron|stokta|в наличии|"
            "в наявності|在庫あり|有货|現貨|현재고|재고 있|i lager|på lager|varastossa|διαθέσιμο|ready to ship|"
            "en existencia|متوفر|มีสินค้า|còn hàng",
        ),
    )
    for word in row.split("|")
)
_SEPARATORS = re.compile(r"[\s_]+")


def schema_name(value: Any) -> str | None:
    """The schema.org name of an availability given as such a name or address; None for anything else."""
    text = (plain(value) or "").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return _NAMES.get(re.sub(r"[\s_-]", "", text.lower()))


def availability(value: Any) -> str | None:
    """The schema.org name of an availability in any wording: an address, a name, a label in some twenty languages."""
    if isinstance(value, bool):
        return "InStock" if value else "OutOfStock"
    named = schema_name(value)
    if named:
        return named
    text = _SEPARATORS.sub(" ", plain(value) or "").lower()
    if not text or len(text) > _MAX_LABEL:
        return None
    return next((name for word, name in _WORDS if word in text), None)
