"""What the head of a page says about it."""

from typing import Any

from alterlab_server.extract.structured.normalise.dates import iso_date
from alterlab_server.extract.structured.normalise.text import plain, unique
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles.article import MODIFIED_META
from alterlab_server.extract.structured.rules import without_empty

MAX_KEYWORDS = 50

# Metadata key to the `<meta>` names that hold it, the best first.
_TEXTS = {
    "description": ("og:description", "description", "twitter:description", "dc.description"),
    "site_name": ("og:site_name", "application-name"),
    "type": ("og:type",),
    "locale": ("og:locale",),
    "robots": ("robots",),
    "generator": ("generator",),
    "viewport": ("viewport",),
    "theme_color": ("theme-color",),
    "twitter_card": ("twitter:card",),
    "twitter_site": ("twitter:site",),
}
_ADDRESSES = {"image": ("og:image:secure_url", "og:image", "twitter:image", "twitter:image:src"), "url": ("og:url",)}


def metadata(page: Page) -> dict[str, Any]:
    """The page's description, keywords, canonical address, picture and the like; a key for each that it declares."""
    document = page.document
    first = document.first_meta
    found: dict[str, Any] = {key: plain(first(*names)) for key, names in _TEXTS.items()}
    found |= {key: document.absolute(address) for key, names in _ADDRESSES.items() if (address := first(*names))}
    found["keywords"] = _keywords(page)
    found["language"] = document.language
    found["modified_at"] = iso_date(first(*MODIFIED_META), page.language)
    canonical = document.tree.select_one('link[rel="canonical" i][href]')
    found["canonical"] = document.absolute(canonical.attr("href") or "") if canonical is not None else None
    return without_empty(found)


def _keywords(page: Page) -> list[str]:
    values = (*page.document.meta.get("keywords", ()), *page.document.meta.get("article:tag", ()))
    return unique(word for value in values for part in value.split(",") if (word := plain(part)))[:MAX_KEYWORDS]
