"""The published Python client, unchanged, with crawls, batches and maps."""

from collections.abc import Callable

from tests.e2e.contract.conftest import Sdk
from tests.site.tree import TREE_PAGES
from tests.support.accounts import Account
from tests.support.receiver import Receiver

from alterlab_server.base.clock import new_id

Address = Callable[[str], str]
CHEAP = {"formats": ["text"], "cost_controls": {"max_tier": "1"}}


async def test_crawl_and_wait(
    sdk: Sdk, account: Account, site_of: Callable[[str], Address], receiver: Receiver
) -> None:
    (crawled,) = await sdk(
        (
            "crawl_and_wait",
            {
                "url": site_of("plain")("/tree/0"),
                "max_depth": 10,
                "exclude_patterns": ["/tree/39"],
                "advanced": {"timeout": 60},
                "webhook_url": receiver.url("/crawl"),
                "poll_interval": 0.1,
                **CHEAP,
            },
        )
    )
    body = crawled["value"]
    assert (body["status"], body["completed"], body["billing"]["credits_used"]) == ("completed", TREE_PAGES - 1, 8)
    assert all(page["status"] == "completed" and page["content"]["text"] for page in body["pages"])
    assert await account.charges() == [(TREE_PAGES - 1) * 200]
    (told,) = await receiver.wait_for("/crawl")
    assert (told.json["event"], told.json["data"]["crawl_id"]) == ("crawl.completed", body["crawl_id"])


async def test_a_crawl_is_started_looked_at_and_cancelled(sdk: Sdk, site_of: Callable[[str], Address]) -> None:
    started, running, cancelled, again, missing = await sdk(
        ("crawl", {"url": site_of("sleepy")("/tree/0"), **CHEAP}),
        ("get_crawl", {"crawl_id": "$crawl_id", "include_results": True}),
        ("cancel_crawl", {"crawl_id": "$crawl_id"}),
        ("cancel_crawl", {"crawl_id": "$crawl_id"}),
        ("get_crawl", {"crawl_id": str(new_id())}),
    )
    assert (started["value"]["status"], started["value"]["estimated_pages"]) == ("discovering", 50)
    assert running["value"]["status"] in ("discovering", "scraping")
    assert cancelled["value"]["status"] == "cancelled"
    assert again["status"] == 409
    assert missing["status"] == 404


async def test_batch(sdk: Sdk, account: Account, target: Address, receiver: Receiver) -> None:
    requests = [{"url": target("/article"), "formats": ["text"]}, {"url": target("/product"), "mode": "html"}]
    batch, bad_item, bad_map = await sdk(
        ("batch_scrape", {"requests": requests, "webhook_url": receiver.url("/batch")}),
        ("batch_scrape", {"requests": [{"url": "ftp://nowhere/"}]}),
        ("map", {"url": "no url"}),
    )
    assert batch["value"]["total_requests"] == len(batch["value"]["job_ids"]) == 2
    (told,) = await receiver.wait_for("/batch")
    assert told.json["data"] == {
        "batch_id": batch["value"]["batch_id"],
        "status": "completed",
        "total": 2,
        "completed": 2,
        "failed": 0,
    }
    assert (bad_item["status"], bad_map["status"]) == (422, 400)
    assert len(await account.charges()) == 2


async def test_map(sdk: Sdk, account: Account, site_of: Callable[[str], Address]) -> None:
    (mapped,) = await sdk(("map", {"url": site_of("mapped")("/tree/0"), "max_depth": 1, "search": "20"}))
    body = mapped["value"]
    assert (body["total_urls"], body["sitemap_found"], body["credits_used"]) == (1, True, 1)
    assert (body["urls"][0]["source"], body["urls"][0]["relevance_score"]) == ("sitemap", 1.0)
    assert await account.charges() == [1000]
