"""What the context of a page is made with, as its request asks: window, language, identity, cookies."""

from typing import Any

from playwright.async_api import BrowserContext

from alterlab_server.fetch.browser.identity import user_agent_override
from alterlab_server.fetch.request import FetchRequest

_LANGUAGE = "en-US"
_WINDOW = (1366, 768)
_PHONE = (412, 915)


def context_options(request: FetchRequest) -> dict[str, Any]:
    """Playwright's options of the context for a request."""
    width, height = _PHONE if request.browser.mobile else _WINDOW
    options: dict[str, Any] = {
        "viewport": {"width": request.browser.width or width, "height": request.browser.height or height},
        "is_mobile": request.browser.mobile,
        "has_touch": request.browser.mobile,
        "locale": _language(request),
        "timezone_id": request.browser.timezone,
        "user_agent": _header(request, "user-agent"),
    }
    return {name: value for name, value in options.items() if value is not None}


def identity(request: FetchRequest, version: str) -> dict[str, Any]:
    """What Chromium of this version says it is: the parameters of `Emulation.setUserAgentOverride`."""
    named = _header(request, "user-agent")
    return user_agent_override(version, _language(request), named, mobile=request.browser.mobile)


async def add_cookies(context: BrowserContext, request: FetchRequest) -> None:
    """Set the caller's cookies for the host of the request."""
    pairs = (pair.strip().partition("=") for pair in (_header(request, "cookie") or "").split(";"))
    cookies = {name: value for name, _, value in pairs if name} | dict(request.cookies)
    if cookies:
        await context.add_cookies(
            [{"name": name, "value": value, "url": request.url} for name, value in cookies.items()]
        )


async def new_cookies(context: BrowserContext, url: str, request: FetchRequest) -> dict[str, str]:
    """What the target set or changed, name to value."""
    held = {cookie["name"]: cookie["value"] for cookie in await context.cookies(url)}
    return {name: value for name, value in held.items() if request.cookies.get(name) != value}


def _language(request: FetchRequest) -> str:
    """What the browser sends as Accept-Language: the option, else the caller's header, else Chromium's default."""
    return request.browser.language or _header(request, "accept-language") or _LANGUAGE


def _header(request: FetchRequest, wanted: str) -> str | None:
    """The caller's own header of that name, in lower case."""
    return next((value for name, value in request.headers.items() if name.lower() == wanted), None)
