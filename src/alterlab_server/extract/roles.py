"""What the links and images of a page are there for."""

import re
from typing import Any
from urllib.parse import urlsplit

from turbohtml import Element

from alterlab_server.extract.document import Document
from alterlab_server.extract.flow.images import image_source
from alterlab_server.extract.links import MAX_LINKS, link_target

_NAVIGATION = (
    "nav a,header a,footer a,aside a,[role=navigation] a,[role=banner] a,[role=contentinfo] a,"
    "[class*=breadcrumb] a,[class*=pagination] a,[class*=navbar] a"
)
_SOCIAL_HOSTS = frozenset(
    "facebook.com twitter.com x.com instagram.com linkedin.com youtube.com pinterest.com tiktok.com t.me telegram.me"
    " wa.me whatsapp.com reddit.com threads.net mastodon.social bsky.app vk.com weibo.com snapchat.com discord.gg"
    " discord.com tumblr.com flipboard.com".split()
)
_BUTTON = re.compile(r"\b(?:btn|button|cta)\b|button", re.IGNORECASE)
_CALL = re.compile(
    r"^(?:buy|shop|order|add to|get started|get a|sign up|signup|subscribe|register|book|try|start|download|join|"
    r"donate|apply|contact us|request|learn more|watch)\b",
    re.IGNORECASE,
)
# A call to act is short; longer link texts that begin alike are sentences.
_CALL_WORDS = 3
_LOGO = re.compile(r"logo", re.IGNORECASE)


def page_links_by_role(document: Document) -> list[dict[str, Any]]:
    """Every address that the page links to, once, with its text and role: content, cta, social, nav or unknown."""
    navigation = set(document.tree.select(_NAVIGATION))
    found: dict[str, dict[str, Any]] = {}
    for anchor in document.tree.select("a"):
        url = link_target(anchor, document)
        if url is None or url in found:
            continue
        text = " ".join(anchor.text.split())
        found[url] = {"url": url, "text": text, "role": _link_role(anchor, url, text, navigation)}
        if len(found) == MAX_LINKS:
            break
    return list(found.values())


def _link_role(anchor: Element, url: str, text: str, navigation: set[Element]) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    if host in _SOCIAL_HOSTS:
        return "social"
    if anchor.attr("role") == "button" or _BUTTON.search(anchor.attr("class") or "") or _is_call(text):
        return "cta"
    if anchor in navigation:
        return "nav"
    return "content" if text else "unknown"


def _is_call(text: str) -> bool:
    return len(text.split()) <= _CALL_WORDS and bool(_CALL.match(text))


def body_images(body: Element, document: Document) -> list[dict[str, Any]]:
    """The images of a body, each once, with its role: hero (the one the page is shown with), logo or content."""
    hero = document.first_meta("og:image", "og:image:url", "twitter:image")
    hero_url = document.absolute(hero) if hero else None
    found: dict[str, dict[str, Any]] = {}
    for image in body.iter_elements("img"):
        source = image_source(image)
        url = document.absolute(source) if source else None
        if url is None or url in found:
            continue
        found[url] = {"url": url, "alt": image.attr("alt") or None, "role": _image_role(image, url, hero_url)}
    if hero_url and hero_url not in found:
        return [{"url": hero_url, "alt": document.first_meta("og:image:alt"), "role": "hero"}, *found.values()]
    return list(found.values())


def _image_role(image: Element, url: str, hero: str | None) -> str:
    if url == hero:
        return "hero"
    named = f"{image.attr('class') or ''} {image.attr('id') or ''} {image.attr('alt') or ''} {url.rpartition('/')[2]}"
    return "logo" if _LOGO.search(named) else "content"
