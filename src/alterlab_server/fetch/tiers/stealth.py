"""Tier 3: libcurl with the TLS, HTTP/2 and header fingerprint of Chrome."""

from curl_cffi import AsyncCurl, Curl, CurlError, CurlHttpVersion, CurlInfo, CurlOpt, ffi, lib

from alterlab_server.base.page import Page
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http import libcurl
from alterlab_server.fetch.http.exchange import Hop, Response
from alterlab_server.fetch.http.follow import Follower
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.http.receiver import ResponseReceiver
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest

IMPERSONATED = "chrome146"
_CHROME_ENCODINGS = "gzip, deflate, br, zstd"


class StealthTier:
    """Fetches with curl_cffi; connections are kept and shared, cookies and credentials are not."""

    def __init__(self, gate: Gate, options: HttpOptions | None = None) -> None:
        self._options = options or HttpOptions()
        self._multi: AsyncCurl | None = None
        self._follower = Follower(gate, self._exchange, {})

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Fetch one page before `deadline` (seconds on the event loop's clock)."""
        return await self._follower.fetch(request, deadline)

    async def close(self) -> None:
        """Close all connections."""
        if self._multi is not None:
            await self._multi.close()  # type: ignore[no-untyped-call]  # the library gives it no types
            self._multi = None

    async def _exchange(self, hop: Hop) -> Response | Failure:
        multi = self._multi = self._multi or AsyncCurl()
        receiver = ResponseReceiver(hop.max_bytes)
        curl = Curl()
        lists: list[object] = []
        try:
            curl.impersonate(IMPERSONATED)
            for name, value in libcurl.options(hop, self._options.ca_bundle):
                curl.setopt(CurlOpt[name], _converted(name, value, lists))
            curl.setopt(CurlOpt.ACCEPT_ENCODING, _CHROME_ENCODINGS)
            if hop.url.scheme == "http":
                curl.setopt(CurlOpt.HTTP_VERSION, CurlHttpVersion.V1_1)  # Chrome asks for no upgrade to h2c
            curl.setopt(CurlOpt.HEADERFUNCTION, libcurl.callback(receiver.header_line))
            curl.setopt(CurlOpt.WRITEFUNCTION, libcurl.callback(receiver.body_piece))
            await multi.add_handle(curl)
        except CurlError as error:
            if not receiver.truncated:
                return libcurl.failure(int(error.code), receiver, connected=_connected(curl))
        finally:
            if self._multi is multi:  # else it was closed meanwhile, and all its handles with it
                multi.remove_handle(curl)
            curl.close()
            for head in lists:
                lib.curl_slist_free_all(head)
        return libcurl.result(receiver)


def _connected(curl: Curl) -> bool:
    # CONNECT_TIME is 0 on a connection that was used before
    return any(bool(curl.getinfo(info)) for info in (CurlInfo.CONNECT_TIME, CurlInfo.PRETRANSFER_TIME))


def _converted(name: str, value: libcurl.OptionValue, lists: list[object]) -> object:
    """`value` as curl_cffi takes it: it makes the C list itself for some options, but not for CONNECT_TO."""
    if not isinstance(value, list):
        return value
    if name != "CONNECT_TO":
        return value
    head = ffi.NULL
    for item in value:
        head = lib.curl_slist_append(head, item)
    lists.append(head)
    return head
