"""The response cache: opt-in, per organization, keyed by all that shapes an answer."""

import hashlib
from uuid import UUID

import orjson

from alterlab_server.scrape.schemas import ScrapeRequest

# What says how the answer is delivered, not what it is.
_DELIVERY = {"sync", "timeout", "cache", "cache_ttl", "force_refresh", "webhook_url", "cost_controls"}
# POST is cached only on request, and these never: they change something at the target.
_NEVER = frozenset({"PUT", "PATCH", "DELETE"})


def cacheable(request: ScrapeRequest) -> bool:
    """Whether the request wants its answer cached, and may have it."""
    return request.cache and request.method not in _NEVER


def key(organization_id: UUID, request: ScrapeRequest) -> bytes:
    """32 bytes that are equal for two requests of one organization that have the same answer."""
    shape = request.model_dump(mode="json", exclude=_DELIVERY)
    # Without `formats` the shape of `content` depends on `sync`.
    shape["simple"] = request.formats is None and request.sync
    return hashlib.sha256(organization_id.bytes + orjson.dumps(shape, option=orjson.OPT_SORT_KEYS)).digest()
