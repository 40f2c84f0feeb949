"""The redirect loop of the HTTP tiers: every hop starts again at the gate."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.page import Page, Redirect
from alterlab_server.base.url import Url, parse_proxy, parse_url, trusted_origins
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http import failures
from alterlab_server.fetch.http.cookies import CookieJar
from alterlab_server.fetch.http.exchange import (
    HARD_MAX_BYTES,
    Exchange,
    Hop,
    PinnedProxy,
    Response,
    Route,
)
from alterlab_server.fetch.http.refresh import refresh_target
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest

MAX_REDIRECTS = 20  # https://fetch.spec.whatwg.org/#http-redirect-fetch
MAX_ADDRESSES = 3
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_BREAKS = re.compile(r"[\r\n\0]")
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_KEPT_ACROSS_ORIGINS = frozenset(("accept", "accept-language", "user-agent"))
_BODY_HEADERS = frozenset(("content-type", "content-length", "content-encoding", "content-language"))


@dataclass(frozen=True, slots=True)
class _Step:
    """What the next hop asks for."""

    url: Url
    method: str
    headers: Mapping[str, str]
    body: bytes | None


class Follower:
    """Fetches a request over any exchange: judges, pins, follows redirects, and makes the page.

    `default_headers` are sent unless the caller set a header of the same name.
    """

    def __init__(self, gate: Gate, exchange: Exchange, default_headers: Mapping[str, str]) -> None:
        self._gate = gate
        self._exchange = exchange
        self._defaults = default_headers

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Fetch `request` before `deadline` (seconds on the event loop's clock)."""
        try:
            async with asyncio.timeout_at(deadline):
                return await self._chain(request, deadline)
        except TimeoutError:
            return failures.TIMED_OUT

    async def _chain(self, request: FetchRequest, deadline: float) -> Page | Failure:
        if reason := _forged(request):
            return Failure(Verdict.REFUSED, reason)
        try:
            step = _Step(parse_url(request.url), request.method, _merged(self._defaults, request.headers), request.body)
        except InvalidUrl as error:
            return Failure(Verdict.REFUSED, error.message)
        jar = CookieJar(step.url, request.cookies)
        redirects: list[Redirect] = []
        seen: set[tuple[str, str, str | None]] = set()
        while True:
            cookie = jar.header(step.url)
            visit = (step.method, step.url.without_fragment, cookie)
            if visit in seen or len(redirects) > MAX_REDIRECTS:
                return failures.REDIRECT_LOOP
            seen.add(visit)
            response = await self._hop(request, step, cookie, deadline)
            if isinstance(response, Failure):
                return response
            for name, value in response.headers:
                if name == "set-cookie":
                    jar.store(step.url, value)
            following = self._next_step(step, response) if request.follow_redirects else None
            if isinstance(following, Failure):
                return following
            if following is None:
                return _page(request, step.url, response, redirects, jar)
            redirects.append(Redirect(step.url.href, response.status))
            step = following

    async def _hop(self, request: FetchRequest, step: _Step, cookie: str | None, deadline: float) -> Response | Failure:
        route = await self._route(step.url, request.proxy)
        if isinstance(route, Failure):
            return route
        headers = dict(step.headers)
        if cookie:
            headers["Cookie"] = "; ".join(filter(None, (_pop(headers, "cookie"), cookie)))
        cap = min(request.max_bytes or HARD_MAX_BYTES, HARD_MAX_BYTES)
        outcome: Response | Failure = failures.TIMED_OUT
        for address in route.target.addresses[:MAX_ADDRESSES]:
            seconds = deadline - asyncio.get_running_loop().time()
            if seconds <= 0:
                break
            hop = Hop(step.method, route.target.url, address, headers, step.body, cap, seconds, route.proxy)
            outcome = await self._exchange(hop)
            if not (isinstance(outcome, Failure) and outcome.verdict is Verdict.UNREACHABLE):
                break
        return outcome

    async def _route(self, url: Url, proxy: str | None) -> Route | Failure:
        target = await self._gate.admit(url.href)
        if isinstance(target, Failure) or proxy is None:
            return target if isinstance(target, Failure) else Route(target)
        pinned = await pin_proxy(self._gate, proxy)
        return pinned if isinstance(pinned, Failure) else Route(target, pinned)

    def _next_step(self, step: _Step, response: Response) -> _Step | Failure | None:
        """The hop that the response redirects to, or None when it is the answer."""
        redirected = response.status in _REDIRECTS
        reference = response.header("location") if redirected else refresh_target(response)
        if not reference:
            return None
        try:
            url = parse_url(reference, step.url.href)
        except InvalidUrl as error:
            if not redirected:
                return None
            return Failure(Verdict.REFUSED, f"The page redirects to what cannot be fetched. {error.message}")
        if not redirected and url.without_fragment == step.url.without_fragment:
            return None
        headers, method, body = step.headers, step.method, step.body
        if (response.status in {301, 302} and method == "POST") or response.status == 303 or not redirected:
            method, body = "GET", None
            headers = {name: value for name, value in headers.items() if name.lower() not in _BODY_HEADERS}
        if url.origin not in trusted_origins(step.url):
            kept = _KEPT_ACROSS_ORIGINS | (_BODY_HEADERS if body else frozenset())
            kept_headers = {name: value for name, value in headers.items() if name.lower() in kept}
            headers = _merged(self._defaults, kept_headers)
        return _Step(url, method, headers, body)


async def pin_proxy(gate: Gate, text: str) -> PinnedProxy | Failure:
    """Judge the proxy's own address; a proxy in a network that egress may not reach is refused like any target."""
    try:
        proxy = parse_proxy(text)
    except InvalidUrl as error:
        return Failure(Verdict.REFUSED, error.message)
    admitted = await gate.admit_host(proxy.host, proxy.port)
    if isinstance(admitted, Failure):
        return replace(admitted, reason=f"The proxy cannot be used: {admitted.reason}")
    return PinnedProxy(proxy.scheme, proxy.host, proxy.port, admitted.addresses[0], proxy.username, proxy.password)


def _page(request: FetchRequest, url: Url, response: Response, redirects: list[Redirect], jar: CookieJar) -> Page:
    return Page(
        url=request.url,
        final_url=url.href,
        status=response.status,
        headers=joined_headers(response.headers),
        body=response.body,
        redirects=tuple(redirects),
        truncated=response.truncated,
        original_bytes=response.original_bytes,
        cookies=jar.values(),
    )


def joined_headers(headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Headers as `Page` holds them: repeated ones joined with ", ", `set-cookie` with a line feed."""
    joined: dict[str, str] = {}
    for name, value in headers:
        separator = "\n" if name == "set-cookie" else ", "
        joined[name] = f"{joined[name]}{separator}{value}" if name in joined else value
    return joined


def _forged(request: FetchRequest) -> str | None:
    """Why a header or cookie of the caller cannot be sent: it would end its line, and begin another."""
    for name in request.headers:
        if not _TOKEN.fullmatch(name):
            return f"{name!r} is no name for a header."
    values = (*request.headers.values(), *request.cookies, *request.cookies.values())
    if any(_BREAKS.search(value) for value in values):
        return "A header or cookie must not hold a line break."
    return None


def _merged(defaults: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """`given` before `defaults`, but for the encodings: what we cannot undo we do not ask for."""
    own = {name: value for name, value in given.items() if name.lower() != "accept-encoding"}
    names = {name.lower() for name in own}
    return {name: value for name, value in defaults.items() if name.lower() not in names} | own


def _pop(headers: dict[str, str], name: str) -> str | None:
    found = next((key for key in headers if key.lower() == name), None)
    return headers.pop(found) if found else None
