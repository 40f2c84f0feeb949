"""Which exports a request asks for, checked before the crawl is accepted."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from alterlab_server.base.errors import BadRequest
from alterlab_server.base.sealing import Sealer
from alterlab_server.base.url import parse_url
from alterlab_server.blobs import BlobError, Bucket, open_bucket
from alterlab_server.crawl.export.lines import columns
from alterlab_server.crawl.export.values import OUTPUT, STORAGE, STREAM
from alterlab_server.crawl.outputs import GcsOutput, S3Output, StreamOutput
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.scrape.schemas import DEFAULT_FORMATS
from alterlab_server.web.context import ApiContext

_PURPOSE = "crawl export"


async def exports_of(context: ApiContext, request: CrawlRequest, crawl_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """The rows of the exports. Raises BadRequest, UrlNotAllowed for an endpoint that egress may not reach."""
    found: list[Mapping[str, Any]] = []
    if request.storage != "redis":
        key = f"crawls/{now:%Y-%m-%d}/{crawl_id}.jsonl"
        found.append({"kind": STORAGE, "format": "jsonl", "target": request.storage, "key": key, "columns": []})
    if isinstance(request.output, StreamOutput):
        found.append(_stream(request.output, crawl_id))
    elif request.output is not None:
        found.append(await _to_bucket(context, request, request.output, crawl_id))
    return [{"crawl_id": crawl_id, "status": "pending", **row} for row in found]


def stream_of(crawl_id: UUID) -> UUID:
    """What the target is called that a crawl streams its pages to."""
    return uuid5(crawl_id, OUTPUT)


def open_destination(sealed: bytes, sealer: Sealer) -> Bucket:
    """The bucket of an export; raises CannotOpenError."""
    return Bucket(**json.loads(sealer.open(sealed, _PURPOSE)))


def _stream(output: StreamOutput, crawl_id: UUID) -> Mapping[str, Any]:
    target = parse_url(output.url).origin  # the rest may be a secret, as in the addresses of chat rooms
    return {"kind": OUTPUT, "format": STREAM, "target": target, "key": str(stream_of(crawl_id)), "columns": []}


async def _to_bucket(
    context: ApiContext, request: CrawlRequest, output: S3Output | GcsOutput, crawl_id: UUID
) -> Mapping[str, Any]:
    endpoint = output.endpoint
    if endpoint is not None:
        endpoint = (await context.receivers.check(endpoint, "output.endpoint")).rstrip("/")
    fields: dict[str, Any] = {
        "type": output.type,
        "name": output.bucket,
        "credentials": output.credentials.model_dump(exclude_none=True),
        "endpoint": endpoint,
    }
    if isinstance(output, S3Output):
        fields["region"] = output.region
    try:
        open_bucket(Bucket(**fields))
    except BlobError:
        raise BadRequest(
            "output.credentials: they cannot be used as they stand.", details={"field": "output.credentials"}
        ) from None
    name = f"{output.prefix}/{crawl_id}" if output.prefix else str(crawl_id)
    key = f"{name}/" if output.format == "json" else f"{name}.{output.format}"
    return {
        "kind": OUTPUT,
        "format": output.format,
        "columns": columns(request.formats or DEFAULT_FORMATS, extracts=request.extraction_schema is not None),
        "destination": context.sealer.seal(json.dumps(fields).encode(), _PURPOSE),
        "target": f"{output.type}://{output.bucket}/{key}",
        "key": key,
    }
