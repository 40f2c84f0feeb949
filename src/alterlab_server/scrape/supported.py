"""What the API names but this server does not do: refused with an error that names the field, never ignored."""

from typing import Protocol

from alterlab_server.base.errors import BadRequest
from alterlab_server.scrape.schemas import ScrapeRequest
from alterlab_server.scrape.schemas.fields import Provider

# Field, and what to do instead. A field may stand here only while nothing reads it.
NOT_SUPPORTED = {
    "session_id": "send `cookies` instead",
    "advanced.session_id": "send `cookies` instead",
    "sticky_session": "leave it out",
    "embeddings": "leave it out",
    "advanced.use_own_proxy": "leave it out",
    "advanced.proxy_integration_id": "leave it out",
}

_NEED_A_MODEL = ("extraction_prompt", "extraction_model", "extraction_provider")


class AsksModel(Protocol):
    """A request with the fields that need a language model."""

    extraction_prompt: str | None
    extraction_model: str | None
    extraction_provider: Provider | None


def refuse_models(request: AsksModel) -> None:
    """Raise BadRequest when a field is set that needs a model: none is asked without a key, and none is kept here."""
    for name in _NEED_A_MODEL:
        if getattr(request, name) is not None:
            raise BadRequest(
                f"`{name}` needs a model provider's key, and none is registered. `extraction_schema` and "
                "`extraction_profile` need no model.",
                code="LLM_KEY_MISSING",
                details={"field": name},
            )


def refuse_unsupported(request: ScrapeRequest) -> None:
    """Raise BadRequest when a field of the table is set to other than its default, or one that needs a model."""
    refuse_models(request)
    for path, advice in NOT_SUPPORTED.items():
        if request.gives(path):
            raise BadRequest(
                f"`{path}` is not supported by this server: {advice}.",
                code="NOT_SUPPORTED",
                details={"field": path},
            )
