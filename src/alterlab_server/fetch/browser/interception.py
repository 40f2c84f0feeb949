"""What the browser asks before it sends a request of a page: credentials, whether, and with which headers."""

import asyncio
import base64
import logging
from collections.abc import Mapping
from typing import Any

from playwright.async_api import CDPSession, Error

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.url import parse_url, trusted_origins
from alterlab_server.fetch.browser.proxy import EgressSession
from alterlab_server.fetch.request import FetchRequest

_log = logging.getLogger(__name__)

# Set for the whole context, because the browser makes more of them than one header.
CONTEXT_HEADERS = frozenset(("user-agent", "accept-language", "cookie"))


class Interception:
    """Answers the Fetch domain of the DevTools protocol for one page.

    Playwright's own interception would send the proxy's credentials to any site that asks for some, and the caller's
    headers to every site. Here the caller's headers go to the origin of the requested URL only, and its method and
    body with the first request only.
    """

    def __init__(self, cdp: CDPSession, request: FetchRequest, session: EgressSession, blocked: frozenset[str]) -> None:
        self._cdp = cdp
        self._session = session
        self._blocked = blocked
        self._method = request.method
        self._body = request.body
        self._origins = trusted_origins(parse_url(request.url))
        self._headers = {
            name.lower(): value for name, value in request.headers.items() if name.lower() not in CONTEXT_HEADERS
        }
        self._first = True
        self._asked: set[str] = set()
        self._answers: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to intercept; only kinds of requests that need an answer are paused."""
        kinds = [{"resourceType": kind} for kind in sorted(self._blocked | {"Document"})]
        own = [{"urlPattern": f"{origin}/*"} for origin in self._origins] if self._headers else []
        self._cdp.on("Fetch.authRequired", self._on_challenge)
        self._cdp.on("Fetch.requestPaused", self._on_request)
        await self._cdp.send("Fetch.enable", {"handleAuthRequests": True, "patterns": kinds + own})

    def _on_challenge(self, event: Mapping[str, Any]) -> None:
        answer: dict[str, str] = {"response": "Default"}
        if event["authChallenge"].get("source") == "Proxy":
            known = event["requestId"] in self._asked
            self._asked.add(event["requestId"])
            answer = {"response": "CancelAuth"} if known else self._credentials()
        self._answer("Fetch.continueWithAuth", {"requestId": event["requestId"], "authChallengeResponse": answer})

    def _credentials(self) -> dict[str, str]:
        return {
            "response": "ProvideCredentials",
            "username": self._session.username,
            "password": self._session.password,
        }

    def _on_request(self, event: Mapping[str, Any]) -> None:
        request_id = event["requestId"]
        if event["resourceType"] in self._blocked:
            self._answer("Fetch.failRequest", {"requestId": request_id, "errorReason": "BlockedByClient"})
            return
        changes: dict[str, Any] = {"requestId": request_id}
        if self._first and self._method != "GET":
            changes["method"] = self._method
            if self._body is not None:
                changes["postData"] = base64.b64encode(self._body).decode()
        self._first = False
        if self._headers:
            changes["headers"] = self._headers_for(event["request"])
        self._answer("Fetch.continueRequest", changes)

    def _headers_for(self, request: Mapping[str, Any]) -> list[dict[str, str]]:
        """The request's headers with the caller's for trusted origins, and without them after a redirect elsewhere."""
        headers = {name: value for name, value in request["headers"].items() if name.lower() not in self._headers}
        if _origin(request["url"]) in self._origins:
            headers |= self._headers
        return [{"name": name, "value": value} for name, value in headers.items()]

    def _answer(self, method: str, parameters: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._send(method, parameters))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _send(self, method: str, parameters: dict[str, Any]) -> None:
        try:
            await self._cdp.send(method, parameters)
        except Error as error:
            _log.debug("a paused request has gone: %s", error.message)


def _origin(url: str) -> str:
    try:
        return parse_url(url).origin
    except InvalidUrl:
        return ""
