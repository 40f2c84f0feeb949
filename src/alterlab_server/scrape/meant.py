"""What the clients of version 2.0.0 mean by a request, where that is not what they send."""

import re

from pydantic import TypeAdapter, ValidationError

from alterlab_server.scrape.schemas import ALL_TEXTS, ScrapeRequest
from alterlab_server.scrape.schemas.fields import Headers
from alterlab_server.web.clients import Client
from alterlab_server.web.errors import validation_error

_HEADERS: TypeAdapter[dict[str, str]] = TypeAdapter(Headers)
_CAPITAL = re.compile("_([a-z])")


def as_meant(request: ScrapeRequest, client: Client) -> ScrapeRequest:
    """The request with the formats that its client reads, and the names of headers as its caller wrote them.

    Raises BadRequest for a header that cannot be set.
    """
    meant = dict[str, object]()
    if client.reads_all_formats and request.formats is None:
        meant["formats"] = list(ALL_TEXTS)
    if client.writes_snake_case and request.headers:
        meant["headers"] = _headers({_written(name): value for name, value in request.headers.items()})
    return request.model_copy(update=meant)


def _written(name: str) -> str:
    """`_accept-_language` was Accept-Language: such a client writes each capital letter as one behind an underscore."""
    return "-".join(_CAPITAL.sub(_capital, part) if part.startswith("_") else part for part in name.split("-"))


def _capital(match: re.Match[str]) -> str:
    return match[1].upper()


def _headers(headers: dict[str, str]) -> dict[str, str]:
    try:
        return _HEADERS.validate_python(headers)
    except ValidationError as error:
        problems = [{**problem, "loc": ("headers", *problem["loc"])} for problem in error.errors()]
        raise validation_error(problems, {"headers": headers}) from None
