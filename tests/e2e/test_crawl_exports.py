"""The results of a crawl in an object store: the installation's own, or the caller's."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import text
from tests.e2e.conftest import Client
from tests.e2e.test_crawl import CHEAP, OPEN, Address
from tests.site import HostileSite
from tests.site.tree import TREE_PAGES
from tests.support.accounts import Account, new_account
from tests.support.buckets import (
    BUCKET,
    S3_CREDENTIALS,
    CloudStorage,
    S3Server,
    cloud_storage,
    s3_server,
    service_account,
)
from tests.support.receiver import Receiver
from tests.support.running import Running, free_port, started
from tests.support.waiting import PATIENCE, eventually_async

from alterlab_server.base.clock import new_id
from alterlab_server.db import Database


@pytest.fixture
def s3() -> Iterator[S3Server]:
    with s3_server() as running:
        yield running


@pytest.fixture
async def cloud() -> AsyncIterator[CloudStorage]:
    async with cloud_storage() as running:
        yield running


def to_s3(s3: S3Server, **fields: Any) -> dict[str, Any]:
    return {"type": "s3", "bucket": BUCKET, "endpoint": s3.endpoint, "credentials": S3_CREDENTIALS} | fields


async def crawled(client: Client, url: str, **fields: Any) -> dict[str, Any]:
    """The crawl once it has ended, and its export too; with its pages."""
    answer = await client.post("/crawl", json={"url": url, **CHEAP, "max_depth": 10, **fields})
    assert answer.status_code == 202, answer.text
    path = f"/crawl/{answer.json()['crawl_id']}"

    async def ended() -> bool:
        body = (await client.get(path)).json()
        return body["status"] not in OPEN and body.get("output", {}).get("status") != "pending"

    await eventually_async(ended, what="the end of the crawl and of its export")
    body: dict[str, Any] = (await client.get(path, params={"include_results": "true"})).json()
    return body


def jsonl(body: bytes) -> list[dict[str, Any]]:
    return list(httpx2.Response(200, content=b"[" + b",".join(body.splitlines()) + b"]").json())


async def test_one_file_of_lines_in_the_callers_bucket(
    client: Client, site_of: Callable[[str], Address], s3: S3Server, server: Running, server_database: Database
) -> None:
    body = await crawled(client, site_of("plain")("/tree/0"), output=to_s3(s3, prefix="/crawls/2026/"))
    key = f"crawls/2026/{body['crawl_id']}.jsonl"
    assert body["output"] == {
        "target": f"s3://{BUCKET}/{key}",
        "format": "jsonl",
        "status": "completed",
        "pages": TREE_PAGES,
        "error": None,
    }
    assert s3.keys() == [key]
    assert jsonl((await s3.read(key)).content) == body["pages"]
    assert (await s3.read(key)).headers["content-type"] == "application/x-ndjson"
    async with server_database.transaction() as transaction:
        kept = await transaction.scalar(text("SELECT count(*) FROM crawl_exports WHERE destination IS NOT NULL"))
    assert kept == 0, "credentials are forgotten"
    assert S3_CREDENTIALS["secret_access_key"] not in server.printed() + str(body)


async def test_the_file_grows_with_the_crawl(client: Client, site_of: Callable[[str], Address], s3: S3Server) -> None:
    asked = {"url": site_of("sleepy")("/tree/0"), **CHEAP, "output": to_s3(s3)}
    crawl_id = (await client.post("/crawl", json=asked)).json()["crawl_id"]
    path, key = f"/crawl/{crawl_id}", f"{crawl_id}.jsonl"

    async def written(least: int) -> bool:
        body = (await client.get(path)).json()
        assert body["status"] in OPEN
        return bool(body["output"]["pages"] >= least)

    await eventually_async(lambda: written(2), what="two pages in the file")
    early = jsonl((await s3.read(key)).content)
    await client.delete(path)

    async def ended() -> bool:
        return bool((await client.get(path)).json()["output"]["status"] == "completed")

    await eventually_async(ended, what="the end of the export")
    pages = (await client.get(path, params={"include_results": "true"})).json()["pages"]
    assert jsonl((await s3.read(key)).content) == pages
    assert pages[: len(early)] == early


async def test_an_object_for_each_page(client: Client, site_of: Callable[[str], Address], s3: S3Server) -> None:
    body = await crawled(client, site_of("plain")("/tree/0"), output=to_s3(s3, format="json"))
    keys = s3.keys(f"{body['crawl_id']}/")
    assert [key.rpartition("/")[2] for key in keys] == [f"{number:06}.json" for number in range(1, TREE_PAGES + 1)]
    assert [(await s3.read(key)).json() for key in keys] == body["pages"]


async def test_a_table(client: Client, site_of: Callable[[str], Address], s3: S3Server) -> None:
    url = site_of("plain")("/tree/39")
    formats = ["text", "json"]
    body = await crawled(client, url, formats=formats, max_depth=0, output=to_s3(s3, format="csv"))
    (row,) = csv.DictReader(io.StringIO((await s3.read(f"{body['crawl_id']}.csv")).text))
    (page,) = body["pages"]
    assert (row["url"], row["status"], row["title"]) == (url, "completed", "Page 39")
    assert row["text"] == page["content"]["text"]
    assert httpx2.Response(200, text=row["json"]).json() == page["content"]["json"]
    assert row["error"] == ""


async def test_google_cloud_storage(client: Client, site_of: Callable[[str], Address], cloud: CloudStorage) -> None:
    credentials = {"service_account_json": service_account()}
    output = {"type": "gcs", "bucket": BUCKET, "endpoint": cloud.endpoint, "credentials": credentials, "prefix": "a"}
    body = await crawled(client, site_of("plain")("/tree/0"), output=output)
    assert body["output"]["status"] == "completed"
    ((path, content),) = cloud.objects.items()
    assert path == f"/{BUCKET}/a/{body['crawl_id']}.jsonl"
    assert jsonl(content) == body["pages"]
    assert all(headers["authorization"].startswith("Bearer ") for headers in cloud.headers)


async def test_each_page_is_streamed_to_a_webhook(
    client: Client, site_of: Callable[[str], Address], receiver: Receiver
) -> None:
    secret = "whsec_bXlzZWNyZXQ="
    output = {"type": "webhook_stream", "url": receiver.url("/pages"), "secret": secret}
    body = await crawled(client, site_of("plain")("/tree/0"), output=output)
    told = [received.verified(secret) for received in await receiver.wait_for("/pages", TREE_PAGES)]
    assert {message["event"] for message in told} == {"crawl.page.completed"}
    assert {message["data"]["url"] for message in told} == {page["url"] for page in body["pages"]}
    assert all(message["data"]["content"]["text"] for message in told)
    assert body["output"] == {
        "target": receiver.url(""),
        "format": "webhook_stream",
        "status": "completed",
        "pages": TREE_PAGES,
        "error": None,
    }


async def test_a_stream_that_is_not_taken_has_failed(
    client: Client, site_of: Callable[[str], Address], receiver: Receiver
) -> None:
    receiver.answers["/pages"] = [500] * 6  # two pages, three attempts each
    output = {"type": "webhook_stream", "url": receiver.url("/pages")}
    body = await crawled(client, site_of("plain")("/tree/0"), max_pages=2, output=output)
    stands = {name: body["output"][name] for name in ("status", "pages", "error")}
    assert stands == {"status": "failed", "pages": 0, "error": "The receiver answered 500."}


async def test_storage_without_an_object_store_is_a_download(
    client: Client, site_of: Callable[[str], Address], server: Running
) -> None:
    body = await crawled(client, site_of("plain")("/tree/0"), storage="s3")
    assert body["storage"]["status"] == "completed"
    assert body["download_url"] in (await client.get(f"/crawl/{body['crawl_id']}/stream")).text
    assert body["download_url"].startswith(f"{server.url}/")
    answer = await client.get(body["download_url"])
    assert jsonl(answer.content) == body["pages"]
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert httpx2.get(body["download_url"], timeout=PATIENCE).status_code == 401


async def test_presigned_address_of_the_operators_store_and_nothing_of_it_for_the_callers(
    tmp_path: Path, site: HostileSite, s3: S3Server, cloud: CloudStorage
) -> None:
    own = {
        "ALTERLAB_BLOBS_URL": f"s3://{BUCKET}",
        "AWS_ENDPOINT_URL": s3.endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "eu-west-3",
        "AWS_ACCESS_KEY_ID": "operators-key",
        "AWS_SECRET_ACCESS_KEY": "operators-secret",
        "AWS_SESSION_TOKEN": "operators-token",
    }
    callers = {"type": "s3", "bucket": BUCKET, "endpoint": cloud.endpoint, "credentials": S3_CREDENTIALS}
    with started(["serve"], tmp_path, free_port(), **own) as running:
        running.wait_until_healthy()
        database = Database(running.dsn, pool_size=2)
        account = await new_account(database)
        async with Client(
            base_url=f"{running.url}/api/v1", headers={"X-API-Key": account.key}, timeout=PATIENCE
        ) as client:
            url = f"http://plain-{new_id().hex[:12]}.localhost:{site.port}/tree/0"
            body = await crawled(client, url, storage="r2", output=callers)
        await database.close()
    assert body["download_url"].startswith(f"{s3.endpoint}/{BUCKET}/crawls/")
    assert "X-Amz-Signature" in body["download_url"]
    assert jsonl(httpx2.get(body["download_url"], timeout=PATIENCE).content) == body["pages"]
    assert len(cloud.objects) == 1
    assert "operators" not in str(cloud.headers)
    assert all(S3_CREDENTIALS["access_key_id"] in headers["authorization"] for headers in cloud.headers)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"endpoint": "http://10.0.0.1/"}, "URL_NOT_ALLOWED"),
        ({"endpoint": "https://169.254.169.254/"}, "URL_NOT_ALLOWED"),
        ({"endpoint": "http://8.8.8.8/"}, "URL_NOT_ALLOWED"),
        ({"bucket": "a/../b"}, "VALIDATION_ERROR"),
        ({"prefix": "../up"}, "VALIDATION_ERROR"),
        ({"region": "evil.example/#"}, "VALIDATION_ERROR"),
        ({"credentials": {"access_key_id": "only-half"}}, "VALIDATION_ERROR"),
        ({"type": "gcs", "credentials": {"service_account_json": "{}"}}, "VALIDATION_ERROR"),
        (
            {"type": "gcs", "credentials": {"service_account_json": service_account().replace("BEGIN", "x")}},
            "VALIDATION_ERROR",
        ),
        ({"type": "ftp"}, "VALIDATION_ERROR"),
        ({"type": "webhook_stream", "url": "http://10.0.0.1/"}, "URL_NOT_ALLOWED"),
    ],
)
async def test_what_cannot_be_an_output_is_refused(
    client: Client, target: Address, account: Account, change: dict[str, Any], code: str
) -> None:
    output = {"type": "s3", "bucket": BUCKET, "credentials": S3_CREDENTIALS} | change
    answer = await client.post("/crawl", json={"url": target("/article"), "output": output})
    assert (answer.status_code, answer.json()["code"]) == (400, code), answer.text
    first, *inside = answer.json()["field"].split(".")
    assert first == "output"
    assert not inside or inside[0] in output
    assert S3_CREDENTIALS["secret_access_key"] not in answer.text
    assert await account.balance() == 10_000_000
