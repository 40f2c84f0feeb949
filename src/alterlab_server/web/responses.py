"""The error statuses that the OpenAPI document lists, and JSON answers."""

from typing import Any

import orjson
from fastapi import Response
from pydantic import BaseModel, Field


class ErrorResponse(BaseModel):
    """The body of every error."""

    detail: str = Field(examples=["There is no job 550e8400-e29b-41d4-a716-446655440000, or it has expired."])
    error: str = Field(examples=["NOT_FOUND"])
    code: str = Field(examples=["NOT_FOUND"])
    message: str
    details: dict[str, Any]
    request_id: str


_MEANINGS = {
    400: "The request cannot be carried out as it stands",
    401: "No key, an unknown key, or a revoked one",
    402: "The balance or a cost ceiling does not cover the request",
    403: "The target refused every attempt that was allowed",
    404: "It does not exist, or is not yours",
    409: "The state it is in does not allow that",
    413: "Above a limit",
    415: "The content type does not fit the mode",
    422: "All allowed tiers failed, extraction failed, or an item of many is at fault",
    429: "A rate or concurrency limit",
    500: "A fault of ours",
    502: "An upstream answered badly",
    503: "Not now",
    504: "The deadline passed",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that can answer with these statuses."""
    return {status: {"model": ErrorResponse, "description": _MEANINGS[status]} for status in statuses}


def accepted(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that may answer 202 with `model`."""
    return {202: {"model": model, "description": "Queued: poll the job"}}


def json_response(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON as it is, without validation against a model: the slice's own code has made it."""
    return Response(orjson.dumps(body), status, headers, "application/json")
