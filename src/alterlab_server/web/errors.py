"""Errors as JSON: one body for every status (spec: error body)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from alterlab_server.base.errors import (
    BadRequest,
    InternalError,
    MethodNotAllowed,
    NotFound,
    ServiceError,
    TimedOut,
    TooLarge,
    Unavailable,
)
from alterlab_server.db import is_away
from alterlab_server.web.clients import client_of

log = structlog.get_logger()
# What a validator's own message begins with; the rest is ours.
_VALUE_ERROR = "Value error, "
# How pydantic names the branch of a union at which a value failed, behind the field's own name.
_BRANCH = re.compile(r"bool|int|float|str|list|dict|none|.*\[.*\]")
# How pydantic calls a body that is not there, or that came as text because its Content-Type is not JSON's.
_NO_OBJECT = frozenset({"missing", "model_attributes_type", "model_type", "dict_type"})
MAX_RETRY_AFTER = 60
STORE_AWAY_SECONDS = 5
# An object of a hundred thousand fields may have a fault in each.
MAX_PROBLEMS = 100
# Detail fields that some clients read at the top of the body.
_AT_TOP = ("balance_dollars", "required_dollars", "field", "url", "tier", "job_id", "credits_status")
# What a request cost whose time was up; one whose job goes on says so in its details.
_NOT_CHARGED = "not charged"


def error_body(error: ServiceError, request_id: str) -> dict[str, Any]:
    """The body: `detail` and `message` for people, `error` and `code` for programs, `details` beside them."""
    body: dict[str, Any] = {
        "detail": error.message,
        "error": error.code,
        "code": error.code,
        "message": error.message,
        "details": error.details,
        "request_id": request_id,
    }
    body |= {name: error.details[name] for name in _AT_TOP if name in error.details}
    if error.status == TimedOut.status:
        body.setdefault("credits_status", _NOT_CHARGED)
    if error.retry_after is not None:
        body["retry_after"] = retry_after(error.retry_after)
    return body


def error_response(error: ServiceError, request: Request) -> JSONResponse:
    """The whole answer for an error."""
    headers = {} if error.retry_after is None else {"Retry-After": str(retry_after(error.retry_after))}
    body = error_body(error, request_id(request))
    if error.status == TimedOut.status and client_of(request).parses_timeouts:
        body["detail"] = {"message": error.message, "credits_status": body["credits_status"]}
    if "tier" in body and client_of(request).reads_flat:
        body["tier"] = float(body["tier"])
    return JSONResponse(body, error.status, headers)


def retry_after(seconds: float) -> int:
    """Whole seconds, rounded up: a client that waits that long does not come too early. At most a minute: clients sleep
    so long without a bound of their own, and what a target says (`details.retry_after`) may be centuries.
    """
    return min(MAX_RETRY_AFTER, max(1, int(-(-seconds // 1))))


def request_id(request: Request) -> str:
    """The id that the middleware gave this request."""
    return str(getattr(request.state, "request_id", ""))


def fault_response(request: Request, fault: Exception) -> JSONResponse:
    """The answer to an exception that nobody foresaw. Call while it is handled: it is logged with its trace, unless the
    store is away, which is no fault of the request."""
    if is_away(fault):
        log.warning("request.store_away", path=request.url.path, error=repr(fault))
        away = "The store of this service cannot be reached now. Try again in a moment."
        return error_response(Unavailable(away, code="STORE_UNAVAILABLE", retry_after=STORE_AWAY_SECONDS), request)
    log.exception("request.fault", path=request.url.path)
    return error_response(
        InternalError(f"Something went wrong on our side. The request id is {request_id(request)}."), request
    )


def install(app: FastAPI) -> None:
    """Answer every error of `app` with the one body."""

    @app.exception_handler(ServiceError)
    async def _service(request: Request, error: ServiceError) -> JSONResponse:
        return error_response(error, request)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        problems = error.errors()
        if problems and problems[0]["loc"][0] == "path":
            return error_response(_no_such_path(request), request)
        return error_response(validation_error(problems, {"body": error.body}), request)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        return error_response(_from_http(error, request), request)


def validation_error(problems: Sequence[Any], given: Mapping[str, Any]) -> BadRequest:
    """One sentence that names the first fields at fault, as they are in `given`, and why; the first is `details.field`,
    and `details.errors` has as many as it may."""
    if problems and problems[0].get("type") == "json_invalid":
        why = problems[0]["ctx"]["error"]
        return BadRequest(f"The body is no valid JSON in UTF-8, uncompressed: {why}.", code="INVALID_JSON")
    if problems and tuple(problems[0].get("loc", ())) == ("body",) and problems[0].get("type") in _NO_OBJECT:
        return BadRequest("The body must be a JSON object, sent with Content-Type: application/json.")
    listed = [{"field": _field(problem, given), "message": _message(problem)} for problem in problems[:MAX_PROBLEMS]]
    sentence = "; ".join(f"{item['field'] or 'request'}: {item['message']}" for item in listed[:5])
    return BadRequest(sentence, details={"field": listed[0]["field"] if listed else "", "errors": listed})


def _field(problem: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    parts = list(_without_tags(problem.get("loc", ()), given))
    if parts and _BRANCH.fullmatch(parts[-1]):
        parts.pop()
    if parts and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    # A check of several fields stands at the object that has them, and says itself which one is at fault.
    named = problem.get("ctx", {}).get("field")
    return ".".join([*parts, str(named)] if named else parts)


def _without_tags(location: Sequence[str | int], given: Any) -> Iterator[str]:
    """The path as the caller wrote it: at a union of objects pydantic adds by which of them it read the value, as the
    value of that field (`output.s3.bucket`), which is no field of the object itself."""
    for part in location:
        if isinstance(given, Mapping) and part not in given and part in given.values():
            continue
        yield str(part)
        if isinstance(given, Mapping):
            given = given.get(part)
        elif isinstance(given, Sequence) and isinstance(part, int) and part < len(given):
            given = given[part]


def _message(problem: Mapping[str, Any]) -> str:
    return str(problem.get("msg", "is not valid")).removeprefix(_VALUE_ERROR)


def _from_http(error: HTTPException, request: Request) -> ServiceError:
    if error.status_code == NotFound.status:
        return _no_such_path(request)
    if error.status_code == MethodNotAllowed.status:
        return MethodNotAllowed(f"{request.url.path} does not take {request.method}.")
    if error.status_code == TooLarge.status:
        return TooLarge(str(error.detail))
    return BadRequest(str(error.detail))


def _no_such_path(request: Request) -> NotFound:
    """Also for a name in the path that is no name of anything, such as an id that is no UUID."""
    return NotFound(f"There is no {request.method} {request.url.path}.")
