"""Tier 1: plain libcurl."""

import pycurl

from alterlab_server.base.page import Page
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.http import libcurl
from alterlab_server.fetch.http.exchange import Hop, Response
from alterlab_server.fetch.http.follow import Follower
from alterlab_server.fetch.http.options import HttpOptions
from alterlab_server.fetch.http.receiver import ResponseReceiver
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest

IDLE_HANDLES = 64
# A page of usual size is taken in a few pieces; by default they have 16 KB.
READ_BYTES = 131_072


class CurlTier:
    """Fetches with pycurl; connections are kept and shared, cookies and credentials are not."""

    def __init__(self, gate: Gate, options: HttpOptions | None = None) -> None:
        self._options = options or HttpOptions()
        self._multi = pycurl.AsyncCurlMulti()
        self._idle: list[pycurl.Curl] = []
        self._follower = Follower(
            gate, self._exchange, {"User-Agent": self._options.user_agent, "Accept": "text/html,*/*;q=0.8"}
        )

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Fetch one page before `deadline` (seconds on the event loop's clock)."""
        return await self._follower.fetch(request, deadline)

    async def close(self) -> None:
        """Close all connections."""
        await self._multi.aclose()
        for curl in self._idle:
            curl.close()
        self._idle.clear()

    async def _exchange(self, hop: Hop) -> Response | Failure:
        receiver = ResponseReceiver(hop.max_bytes)
        curl = self._idle.pop() if self._idle else pycurl.Curl()
        try:
            for name, value in libcurl.options(hop, self._options.ca_bundle):
                curl.setopt(getattr(pycurl, name), value)
            curl.setopt(pycurl.ACCEPT_ENCODING, "")  # all that this libcurl can decode
            curl.setopt(pycurl.BUFFERSIZE, READ_BYTES)
            curl.setopt(pycurl.HEADERFUNCTION, libcurl.callback(receiver.header_line))
            curl.setopt(pycurl.WRITEFUNCTION, libcurl.callback(receiver.body_piece))
            await self._multi.perform(curl)
        except pycurl.error as error:
            if not receiver.truncated:
                # CONNECT_TIME is 0 on a connection that was used before
                connected = max(curl.getinfo(pycurl.CONNECT_TIME), curl.getinfo(pycurl.PRETRANSFER_TIME)) > 0
                return libcurl.failure(error.args[0], receiver, connected=connected)
        finally:
            self._give_back(curl)
        return libcurl.result(receiver)

    def _give_back(self, curl: pycurl.Curl) -> None:
        """Keep a finished handle, without its options, for the next request."""
        if len(self._idle) < IDLE_HANDLES and not self._multi.closed:
            curl.reset()
            self._idle.append(curl)
        else:
            curl.close()
