"""The operator's own proxies: which one a request goes through."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from alterlab_server.base.errors import BadRequest
from alterlab_server.scrape.schemas import ScrapeRequest


@dataclass(frozen=True, slots=True)
class OperatorProxy:
    """A proxy URL with its credentials, and the country of its exit (upper case, None when it is not known)."""

    url: str
    country: str | None = None


class ProxyPool:
    """Takes the proxies of a country in turn."""

    def __init__(self, proxies: Sequence[OperatorProxy] = ()) -> None:
        self._proxies = tuple(proxies)
        self._turns = itertools.count()

    @property
    def countries(self) -> frozenset[str]:
        """The countries that can be asked for."""
        return frozenset(proxy.country for proxy in self._proxies if proxy.country)

    def choose(self, request: ScrapeRequest) -> str | None:
        """The proxy URL for a request, or None when it wants none; raises BadRequest when there is none to give."""
        country = wanted_country(request)
        if not wants_proxy(request):
            return None
        fitting = [proxy for proxy in self._proxies if country in (None, proxy.country)]
        if not fitting:
            where = f" in {country}, only in {', '.join(sorted(self.countries))}" if country and self.countries else ""
            field = _asking_field(request)
            raise BadRequest(
                f"`{field}` needs a proxy, and this server has none{where}.",
                code="PROXY_NOT_AVAILABLE",
                details={"field": field},
            )
        return fitting[next(self._turns) % len(fitting)].url


def wanted_country(request: ScrapeRequest) -> str | None:
    """The country whose exit a request asks for, upper case."""
    country = request.advanced.proxy_country or request.location.country
    return country.upper() if country else None


def wants_proxy(request: ScrapeRequest) -> bool:
    """Whether a request goes through a proxy: by its flags, or because it names a country."""
    return request.advanced.use_proxy or request.advanced.use_system_proxy or wanted_country(request) is not None


def _asking_field(request: ScrapeRequest) -> str:
    """The field because of which a request wants a proxy."""
    asked = {
        "advanced.proxy_country": request.advanced.proxy_country,
        "location.country": request.location.country,
        "advanced.use_proxy": request.advanced.use_proxy,
        "advanced.use_system_proxy": request.advanced.use_system_proxy,
    }
    return next(name for name, given in asked.items() if given)
