"""A product as its page shows it to a customer: labels and prices around the product's heading."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import dropwhile, islice

import turbohtml

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.availability import availability
from alterlab_server.extract.structured.normalise.text import squeeze
from alterlab_server.extract.structured.visible.lines import Labelled, labelled
from alterlab_server.extract.structured.visible.prices import price_after, prices_in
from alterlab_server.extract.structured.visible.ratings import shown_rating, shown_review_count
from alterlab_server.extract.structured.visible.specifications import shown_specifications
from alterlab_server.extract.structured.visible.vocabulary import BUY_PHRASES, PRODUCT_LABELS, RELATED_PHRASES

# How many lines after its heading a page still speaks of the product itself, at most.
REGION_LINES = 150
# A button says little; a longer line only mentions buying.
MAX_BUTTON = 32
MAX_STOCK_LINE = 50
# A page with more of them lists products.
MAX_BUTTONS = 4
NEAR_LINES = 30
MAX_PRICE_ELEMENTS = 30
MAX_STAR_LABELS = 20
MAX_BRAND = 50
MAX_CODE = 40

_OTHER_PRICE = re.compile(
    r"old|was|list|original|deliver|shipping|table|message|saving|filter|range|min|max|similar|related|total",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"[A-Z\d][A-Z\d./_\-]*(?: [A-Z\d][A-Z\d./_\-]*){0,4}(?![a-z])")


class Shop:
    """What the page shows of its product."""

    def __init__(self, tree: turbohtml.Document, lines: list[str], heading_line: int) -> None:
        self._tree = tree
        self._lines = lines
        self._heading_line = heading_line

    @cached_property
    def labels(self) -> dict[str, list[Labelled]]:
        """The labelled values of the whole page by field."""
        return labelled(self._lines, PRODUCT_LABELS)

    @cached_property
    def region(self) -> tuple[int, int]:
        """The lines from the product's heading to where the page turns to other products."""
        start = self._heading_line
        end = min(start + REGION_LINES, len(self._lines))
        related = _saying(RELATED_PHRASES, self._lines[start + 1 : end], MAX_BUTTON * 2)
        return start, start + 1 + related[0] if related else end

    @cached_property
    def price(self) -> Found | None:
        """The price beside a price label, else of the element named for it, else the first below the heading."""
        for label in self.labels.get("price", ()):
            if self.region[0] <= label.line < self.region[1] and (prices := prices_in(label.value)):
                return Found(prices[0][1], "html", prices[0][0])
        shown = self._named_price() or price_after(self._lines, *self.region)
        return Found(shown[1], "html", shown[0]) if shown else None

    @cached_property
    def sku(self) -> Found | None:
        """The code beside the shop's label for its article numbers."""
        return self._coded("shop_id") or self._coded("sku")

    @cached_property
    def mpn(self) -> Found | None:
        """The manufacturer's own number."""
        return self._coded("mpn")

    @cached_property
    def gtin(self) -> Found | None:
        """The global trade item number (EAN, UPC, ISBN)."""
        digits = (Found(re.sub(r"[\s-]", "", x.value), "html", x.value) for x in self.labels.get("gtin", ()))
        return next((found for found in digits if re.fullmatch(r"\d{8,14}", found.value)), None)

    @cached_property
    def brand(self) -> Found | None:
        """The name beside a brand label, else beside a manufacturer label."""
        for field in ("brand", "manufacturer"):
            for label in self.labels.get(field, ()):
                if 1 < len(label.value) <= MAX_BRAND:
                    return Found(label.value, "html", label.value)
        return None

    @cached_property
    def rating(self) -> Found | None:
        """The product's rating out of five, in words or as the label of stars that are drawn."""
        return shown_rating(self._near) or shown_rating(list(self._labels_of_stars()))

    @cached_property
    def review_count(self) -> Found | None:
        """How many have rated or reviewed the product."""
        return shown_review_count(self._near)

    @cached_property
    def specifications(self) -> Found | None:
        """Label to value of what the page's tables and lists say of the product."""
        return shown_specifications(self._tree)

    @cached_property
    def _near(self) -> Sequence[str]:
        """The lines around the heading that still speak of the product as a whole."""
        start, end = self.region
        return self._lines[start : min(end, start + NEAR_LINES)]

    @cached_property
    def stock(self) -> Found | None:
        """What the page says of stock, beside a label or in a short line of its own."""
        for label in self.labels.get("availability", ()):
            if name := availability(label.value):
                return Found(name, "html", label.value)
        for line in self._lines[slice(*self.region)]:
            if len(line) <= MAX_STOCK_LINE and (name := availability(line)):
                return Found(name, "html", line)
        return None

    @cached_property
    def buttons(self) -> list[str]:
        """The texts of the controls that order a product."""
        start = self._heading_line
        said = _saying(BUY_PHRASES, self._lines[start : start + REGION_LINES], MAX_BUTTON)
        return [self._lines[start + number] for number in said if start + number < self.region[1]]

    @cached_property
    def availability(self) -> Found | None:
        """What the page says of stock beside a label; else it can be had where it can be ordered."""
        if self.labels.get("availability") and self.stock:
            return self.stock
        return Found("InStock", "html", self.buttons[0]) if self.buttons else self.stock

    @cached_property
    def is_product(self) -> bool:
        """Whether the page looks like one of a product: it can be ordered, or has an article number, and a price."""
        signs = sum(map(bool, (self.buttons, self.sku, self.discounted)))
        if not signs or len(self.buttons) > MAX_BUTTONS:
            return False
        return signs > 1 or self.price is not None or self.stock is not None

    @cached_property
    def discounted(self) -> bool:
        """Whether a former price is labelled as such near the heading."""
        first = self._heading_line
        return any(
            first < x.line <= first + NEAR_LINES and _DIGIT.search(x.value) for x in self.labels.get("list_price", ())
        )

    def _labels_of_stars(self) -> Iterator[str]:
        """What labels out of sight say between the product's heading and that of other products."""
        elements = iter(self._tree.select("h1,h2,h3,[aria-label*='5'],[title*='5']"))
        behind = dropwhile(lambda element: element.tag != "h1", elements)
        for element in islice(behind, 1, MAX_STAR_LABELS):
            if element.tag in ("h2", "h3") and _saying(RELATED_PHRASES, [squeeze(element.text)], MAX_BUTTON * 2):
                return
            yield element.attr("aria-label") or element.attr("title") or ""

    def _named_price(self) -> tuple[str, int | float] | None:
        """The price in an element whose id says price: an id stands once in a page, so it is not one of a list."""
        for element in self._tree.select('[id*="price" i]')[:MAX_PRICE_ELEMENTS]:
            if not _OTHER_PRICE.search(element.attr("id") or ""):
                prices = prices_in(squeeze(element.text))
                if len(prices) == 1:
                    return prices[0]
        return None

    def _coded(self, field: str) -> Found | None:
        for label in self.labels.get(field, ()):
            match = _CODE.match(label.value.upper() if label.value.islower() else label.value)
            code = label.value[: match.end()] if match else ""
            if 3 <= len(code) <= MAX_CODE and any(char.isdigit() for char in code):
                return Found(code, "html", label.value)
        return None


def _saying(phrases: Sequence[str], lines: list[str], longest: int) -> list[int]:
    """The numbers of the lines, none longer than `longest`, that hold one of the phrases."""
    together = "\n".join([line if len(line) <= longest else "" for line in lines]).lower()
    said = [phrase for phrase in phrases if phrase in together]
    if not said:
        return []
    return [number for number, line in enumerate(together.split("\n")) if any(phrase in line for phrase in said)]
