"""The gate: one resolution, every address judged, and connections only to what was admitted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.url import Url, parse_url
from alterlab_server.fetch.egress.addresses import Address, Network, refusal, unmapped
from alterlab_server.fetch.egress.ports import BAD_PORTS
from alterlab_server.fetch.egress.resolver import Resolver, SystemResolver
from alterlab_server.fetch.outcome import Failure, Verdict

_RESOLVE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Admitted:
    """A URL that may be fetched, and the addresses (as text, best first) that its connection must be pinned to."""

    url: Url
    addresses: tuple[str, ...]

    @property
    def port(self) -> int:
        """The effective port of the URL."""
        return self.url.port


class Gate:
    """Decides for every outgoing connection. `allow_networks` are reachable besides the public ones.

    `resolver` gives the addresses of a name; without one the system's is asked.
    """

    def __init__(self, allow_networks: Sequence[Network] = (), resolver: Resolver | None = None) -> None:
        self._allowed = tuple(allow_networks)
        self._resolve = resolver or SystemResolver()

    async def admit(self, href: str) -> Admitted | Failure:
        """Judge a URL; a single forbidden address among those of its name refuses all of it."""
        try:
            url = parse_url(href)
        except InvalidUrl as error:
            return Failure(Verdict.REFUSED, error.message)
        if url.port in BAD_PORTS:
            return Failure(Verdict.REFUSED, f"Port {url.port} is not a web port; no request is sent there.")
        addresses = await self._addresses(url.host)
        if isinstance(addresses, Failure):
            return addresses
        for address in addresses:
            if kind := refusal(address, self._allowed):
                return Failure(
                    Verdict.REFUSED, f"{url.host} leads to a network that must not be reached from here ({kind})."
                )
        return Admitted(url, tuple(dict.fromkeys(str(unmapped(address)) for address in addresses)))

    async def admit_host(self, host: str, port: int) -> Admitted | Failure:
        """Judge a host name or address and a port, as a CONNECT request names them."""
        bracketed = f"[{host}]" if ":" in host else host
        return await self.admit(f"http://{bracketed}:{port}/")

    async def _addresses(self, host: str) -> Sequence[Address] | Failure:
        try:
            return [ip_address(host)]
        except ValueError:
            pass  # a name, so it is resolved
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                addresses = await self._resolve(host)
        except TimeoutError:
            return Failure(Verdict.DNS_ERROR, f"The name {host} could not be resolved in time.")
        except (OSError, UnicodeError):
            return Failure(Verdict.DNS_ERROR, f"The name {host} could not be resolved.")
        return addresses or Failure(Verdict.DNS_ERROR, f"The name {host} has no address.")
