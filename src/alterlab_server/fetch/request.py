"""What a tier is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DEFAULT_MAX_BYTES = 5_242_880

NOT_IDEMPOTENT = frozenset({"POST", "PATCH"})
"""Methods of requests that are not sent again once they may have had their effect (RFC 9110, section 9.2.2)."""


@dataclass(frozen=True, slots=True)
class BrowserOptions:
    """What only a browser tier reads; the fields and their defaults are those of `advanced` in the API.

    `wait_until` is domcontentloaded, networkidle or load; `wait_for` a CSS selector, waited for at most
    `wait_for_timeout` seconds; `actions` are the API's action objects, already validated. `scroll_count` is in
    viewport heights; 0 means no scrolling, and None to go to the end a few times for as long as that brings more.
    `block_images` leaves images out of pages that are not pictured, `blocked` are further types of the DevTools
    protocol (Script, Stylesheet). `wait_seconds` are spent when the page is ready. `width` and `height` are of the
    window, in pixels; a `mobile` one is that of a telephone.
    """

    wait_until: str = "networkidle"
    wait_for: str | None = None
    wait_for_timeout: float = 30.0
    wait_seconds: float = 0.0
    width: int | None = None
    height: int | None = None
    mobile: bool = False
    screenshot: bool = False
    pdf: bool = False
    scroll_count: int | None = 0
    include_iframes: bool = False
    flatten_shadow_dom: bool = False
    remove_cookie_banners: bool = True
    block_images: bool = True
    blocked: frozenset[str] = frozenset()
    language: str | None = None
    timezone: str | None = None
    actions: tuple[Mapping[str, Any], ...] = ()

    @property
    def images_blocked(self) -> bool:
        """Whether the page goes without images: not where they would show in a picture of it."""
        pictured = any(action.get("type") == "screenshot" for action in self.actions)
        return self.block_images and not (self.screenshot or self.pdf or pictured)


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One page to fetch.

    `url` is absolute and normalised (see `base.url`); `proxy` is a proxy URL with its credentials;
    `max_bytes` caps the decoded body, 0 means no cap but the hard one. Without `follow_redirects` a redirect
    is the page. `owner` is for whom it is: what is scarce is shared fairly among owners.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    max_bytes: int = DEFAULT_MAX_BYTES
    proxy: str | None = None
    follow_redirects: bool = True
    browser: BrowserOptions = BrowserOptions()
    owner: str = ""
