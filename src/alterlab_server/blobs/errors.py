"""What goes wrong with object stores, in words that hold no secret: a store's own answer may repeat credentials."""

import contextlib
from collections.abc import Iterator

from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError

_REASONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((UnauthenticatedError,), "The object store does not know the credentials."),
    ((PermissionDeniedError, PermissionError), "The object store does not allow the credentials to do that."),
    ((NotFoundError, FileNotFoundError), "The object store has no such bucket."),
)
_OTHERWISE = "The object store could not be reached, or did not understand."


class BlobError(Exception):
    """An object store refused or failed; the message is one sentence for whoever owns the store."""


@contextlib.contextmanager
def translated(*, cause: bool = False) -> Iterator[None]:
    """Turn the errors of obstore into BlobError; the log is to show their `cause` only where it holds no secret."""
    try:
        yield
    except (BaseError, OSError) as error:
        reason = next((reason for kinds, reason in _REASONS if isinstance(error, kinds)), _OTHERWISE)
        raise BlobError(reason) from (error if cause else None)
