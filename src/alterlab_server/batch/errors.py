"""Errors of one item of many."""

from alterlab_server.base.errors import ServiceError


def at_item(index: int, error: ServiceError) -> ServiceError:
    """The same error, which also says at which item it is."""
    field = f"urls.{index}.{error.details.get('field', 'url')}"
    details = {**error.details, "index": index, "field": field}
    return type(error)(f"Item {index}: {error.message}", code=error.code, details=details)
