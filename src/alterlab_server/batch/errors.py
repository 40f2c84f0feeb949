"""Errors of one item of many."""

from alterlab_server.base.errors import BadRequest, NotFound, ServiceError, Unprocessable


def at_item(index: int, error: ServiceError) -> ServiceError:
    """The same error, which also says at which item it is. An item that cannot be carried out as it stands is a 422:
    the request itself is in order (spec: batch, errors)."""
    field = f"urls.{index}.{error.details.get('field', 'url')}"
    details = {**error.details, "index": index, "field": field}
    kind = Unprocessable if isinstance(error, BadRequest | NotFound) else type(error)
    return kind(f"Item {index}: {error.message}", code=error.code, details=details)
