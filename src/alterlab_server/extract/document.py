"""The one parse of a page that all formats share."""

from collections.abc import Mapping
from functools import cached_property

import turbohtml

from alterlab_server.extract.addresses import Addresses, is_base

# Each table around another has its text set anew; the deepest layouts of old pages have half as many.
MAX_NESTED_TABLES = 12
_TABLE_TAGS = ("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td")
_NESTED_TOO_DEEP = " ".join(["table"] * (MAX_NESTED_TABLES + 1))


class Document:
    """A parsed page: its tree, its decoded source, and what several formats ask of it.

    `url` is where it came from and may be empty. The tree is shared: who reads it leaves it as it is.
    """

    def __init__(self, source: str, url: str = "") -> None:
        self.source = source
        self.url = url
        self.tree = turbohtml.parse(source, positions=False)
        _unnest_tables(self.tree)

    @cached_property
    def base_url(self) -> str:
        """What relative links are resolved against: `<base href>`, else `url`, where that is an http(s) address; empty
        when neither is one."""
        # An element is found by its name at once, while `base_url` walks the tree.
        declared = "" if self.tree.select_one("base[href]") is None else self.tree.base_url(self.url)
        return next(filter(is_base, (declared, self.url)), "")

    @cached_property
    def addresses(self) -> Addresses:
        """What makes the page's links absolute."""
        return Addresses(self.base_url)

    def absolute(self, href: str) -> str | None:
        """The absolute http(s) address of a link; None for another scheme, or where there is no base to join."""
        return self.addresses.absolute(href)

    @cached_property
    def meta(self) -> Mapping[str, tuple[str, ...]]:
        """The `<meta>` values by lower-case name, property or itemprop, each with all its values in page order."""
        values: dict[str, list[str]] = {}
        for element in self.tree.select("meta"):
            content = (element.attr("content") or "").strip()
            if not content:
                continue
            for kind in ("property", "name", "itemprop", "http-equiv"):
                if key := element.attr(kind):
                    values.setdefault(key.strip().lower(), []).append(content)
        return {key: tuple(found) for key, found in values.items()}

    def first_meta(self, *names: str) -> str | None:
        """The first value of the first of these `<meta>` names that the page has."""
        for name in names:
            if name in self.meta:
                return self.meta[name][0]
        return None

    @cached_property
    def language(self) -> str | None:
        """What the page declares as its language, as an IETF tag; None when it declares none."""
        root = self.tree.root
        declared = (root.attr("lang") or root.attr("xml:lang") or "") if root is not None else ""
        declared = declared or self.first_meta("content-language", "og:locale") or ""
        return declared.split(",")[0].strip().replace("_", "-") or None

    @cached_property
    def heading_title(self) -> str:
        """The page's title as its head says it, with what a site adds to it."""
        element = self.tree.find("title")
        return self.first_meta("og:title") or (element.text if element is not None else "")


def _unnest_tables(tree: turbohtml.Document) -> None:
    """Make plain boxes of the tables within more tables than any page that people read has."""
    if len(tree.find_all("table", limit=MAX_NESTED_TABLES + 1)) > MAX_NESTED_TABLES:
        for table in tree.select(_NESTED_TOO_DEEP):
            for element in list(table.iter_elements(_TABLE_TAGS, include_self=True)):
                element.tag = "div"
