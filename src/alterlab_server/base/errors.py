"""Every error a caller can see.

ServiceError                          what the API answers with: an HTTP status, a stable code, one sentence
├── BadRequest                  400   the request cannot be carried out as it stands
│   ├── InvalidUrl              400   no http(s) URL
│   └── UrlNotAllowed           400   the URL leads to a network that egress may not reach
├── Unauthorized                401   no key, an unknown key, or a revoked one
├── PaymentRequired             402   the balance or a cost ceiling does not cover the request
├── NotFound                    404   it does not exist, or is not yours
├── MethodNotAllowed            405   the path exists, the method does not
├── Conflict                    409   the state it is in does not allow that
├── TooLarge                    413   above a limit
├── UnsupportedType             415   the content type does not fit the mode
├── Unprocessable               422   well-formed, but could not be fulfilled
├── TooManyRequests             429   a rate, spend or concurrency limit
├── InternalError               500   a fault of ours
├── Unavailable                 503   not now
└── TimedOut                    504   the deadline passed

What is wrong with a target, such as a block (403) or a name that does not resolve (502), is no exception but the ending
of a job, with a status of its own (`jobs.schemas.JobError`).
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class ServiceError(Exception):
    """An error with an HTTP status, a stable code and one sentence for the caller.

    `details` is merged into the error body beside the sentence; `retry_after` (seconds) becomes the header.
    """

    status: int = 500
    default_code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        details: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.details = dict(details or {})
        self.retry_after = retry_after


class BadRequest(ServiceError):
    """The request cannot be carried out as it stands."""

    status = 400
    default_code = "VALIDATION_ERROR"


class InvalidUrl(BadRequest):
    """No http(s) URL in this `field` of the request."""

    default_code = "INVALID_URL"

    def __init__(self, message: str, *, field: str = "url") -> None:
        super().__init__(message, details={"field": field})


class UrlNotAllowed(BadRequest):
    """The URL leads to a network that egress may not reach."""

    default_code = "URL_NOT_ALLOWED"


class Unauthorized(ServiceError):
    """No key, an unknown key, or a revoked one."""

    status = 401
    default_code = "INVALID_API_KEY"


class PaymentRequired(ServiceError):
    """The balance or a cost ceiling does not cover the request."""

    status = 402
    default_code = "INSUFFICIENT_BALANCE"


class NotFound(ServiceError):
    """It does not exist, or is not yours."""

    status = 404
    default_code = "NOT_FOUND"


class MethodNotAllowed(ServiceError):
    """The path exists, the method does not."""

    status = 405
    default_code = "METHOD_NOT_ALLOWED"


class Conflict(ServiceError):
    """The state it is in does not allow that."""

    status = 409
    default_code = "CONFLICT"


class TooLarge(ServiceError):
    """Above a limit."""

    status = 413
    default_code = "CONTENT_TOO_LARGE"


class UnsupportedType(ServiceError):
    """The content type does not fit the mode."""

    status = 415
    default_code = "UNSUPPORTED_CONTENT_TYPE"


class Unprocessable(ServiceError):
    """Well-formed, but could not be fulfilled."""

    status = 422
    default_code = "ALL_TIERS_FAILED"


class TooManyRequests(ServiceError):
    """A rate, spend or concurrency limit."""

    status = 429
    default_code = "RATE_LIMIT_EXCEEDED"


class InternalError(ServiceError):
    """A fault of ours; the caller learns the request id, not the cause."""


class Unavailable(ServiceError):
    """Not now."""

    status = 503
    default_code = "UNAVAILABLE"


class TimedOut(ServiceError):
    """The deadline passed."""

    status = 504
    default_code = "TIMEOUT"
