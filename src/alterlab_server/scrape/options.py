"""What an operator sets for scraping."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from alterlab_server.scrape.proxies import ProxyPool
from alterlab_server.scrape.schemas import ScrapeRequest
from alterlab_server.web.clients import Client

DEFAULT_TIMEOUT = 90
DOCUMENT_TIMEOUT = 120
ASYNC_TIMEOUT = 300
MAX_SYNC_WAIT = 120


@dataclass(frozen=True, slots=True)
class ScrapeOptions:
    """What the endpoints and the flow are told.

    `available_tiers` by name; `simple_content` is the shape of `content` when no formats are asked for; `public_url`
    is put before the paths of downloads; `proxies` are the operator's.
    """

    available_tiers: frozenset[str]
    simple_content: Literal["string", "object"] = "string"
    public_url: str = ""
    proxies: ProxyPool = field(default_factory=ProxyPool)
    result_ttl: timedelta = timedelta(hours=1)


def timeout_of(request: ScrapeRequest) -> float:
    """Seconds for the whole job (spec: timeouts)."""
    if request.timeout is not None:
        return request.timeout
    if request.mode in ("pdf", "ocr"):
        return DOCUMENT_TIMEOUT
    return DEFAULT_TIMEOUT if request.sync else ASYNC_TIMEOUT


def sync_wait(request: ScrapeRequest, client: Client) -> float:
    """Seconds that a synchronous call waits before it answers 202.

    Clients give up after the same `timeout` that they send, or after a time of their own, and would send the request
    anew: the answer leaves a second before. One that never polls is given all there is.
    """
    wait = min(MAX_SYNC_WAIT, timeout_of(request) - 1) if client.polls else MAX_SYNC_WAIT
    return max(1, wait if client.patience is None else min(wait, client.patience - 1))
