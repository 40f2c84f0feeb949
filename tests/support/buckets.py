"""Object stores on free ports: a real S3 server (moto's), and one that speaks the few calls of Google Cloud Storage."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from moto.server import ThreadedMotoServer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.support.serving import served
from tests.support.waiting import PATIENCE

from alterlab_server.blobs import Bucket, open_bucket

BUCKET = "results"
S3_CREDENTIALS = {"access_key_id": "AKIATESTTESTTEST", "secret_access_key": "the-secret-of-the-caller"}


@dataclass(frozen=True)
class S3Server:
    """A running S3 server with one empty bucket."""

    endpoint: str

    def keys(self, prefix: str = "") -> list[str]:
        listed = httpx2.get(f"{self.endpoint}/{BUCKET}", params={"prefix": prefix}, timeout=PATIENCE).text
        return sorted(part.partition("</Key>")[0] for part in listed.split("<Key>")[1:])

    async def read(self, key: str) -> httpx2.Response:
        store = open_bucket(Bucket("s3", BUCKET, S3_CREDENTIALS, endpoint=self.endpoint))
        return httpx2.get(str(await store.signed_url(key, timedelta(minutes=5))), timeout=PATIENCE)

    def unfinished_uploads(self) -> int:
        return httpx2.get(f"{self.endpoint}/{BUCKET}?uploads", timeout=PATIENCE).text.count("<UploadId>")


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Serve during the block, with a bucket that no test used before."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    try:
        httpx2.post(f"{endpoint}/moto-api/reset", timeout=PATIENCE).raise_for_status()
        httpx2.put(f"{endpoint}/{BUCKET}", timeout=PATIENCE).raise_for_status()
        yield S3Server(endpoint)
    finally:
        server.stop()


@dataclass
class CloudStorage:
    """What was put, by path, and the headers of every request. Nothing is answered while `released` is not set."""

    endpoint: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    _parts: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.released.set()

    async def answer(self, request: Request) -> Response:
        self.headers.append(dict(request.headers))
        await self.released.wait()
        body, path, query = await request.body(), request.url.path, request.query_params
        if request.method == "POST" and "uploads" in query:
            self._parts[path] = b""
            return Response(
                f"<InitiateMultipartUploadResult><UploadId>{path}</UploadId></InitiateMultipartUploadResult>"
            )
        if request.method == "POST":
            self.objects[path] = self._parts.pop(path)
            return Response("<CompleteMultipartUploadResult><ETag>whole</ETag></CompleteMultipartUploadResult>")
        if "partNumber" in query:
            self._parts[path] += body
        else:
            self.objects[path] = body
        return Response(headers={"ETag": '"part"'})


@asynccontextmanager
async def cloud_storage() -> AsyncIterator[CloudStorage]:
    """Serve during the block."""
    storage = CloudStorage()
    async with served(Starlette(routes=[Route("/{path:path}", storage.answer, methods=["PUT", "POST"])])) as address:
        storage.endpoint = f"http://{address}"
        yield storage


def service_account() -> str:
    """The JSON file of a service account with a key of its own, and a host that nobody may be led to."""
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {"type": "service_account", "client_email": "robot@example.com", "private_key_id": "1"}
    return json.dumps(account | {"private_key": key.decode(), "gcs_base_url": "http://169.254.169.254/"})
