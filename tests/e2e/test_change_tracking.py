"""A site that is crawled again: what is new, changed, unchanged and gone, and what a diff costs."""

from collections.abc import Callable
from typing import Any

from tests.e2e.conftest import Client
from tests.e2e.test_crawl import Address, crawl
from tests.support.accounts import Account

SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}, "price": {"type": "number"}}}


async def tracked(client: Client, url: str, *, given: dict[str, Any] | None = None, **tracking: Any) -> dict[str, Any]:
    return await crawl(client, url, change_tracking={"enabled": True} | tracking, **(given or {}))


def counts(body: dict[str, Any]) -> list[int]:
    return [body["change_tracking"][status] for status in ("new", "changed", "unchanged", "removed")]


def of_page(body: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [page["change_tracking"] for page in body["pages"] if page["url"].endswith(f"/diary/{name}")]
    return dict(found)


async def test_pages_new_changed_unchanged_and_removed(
    client: Client, site_of: Callable[[str], Address], account: Account
) -> None:
    at = site_of("plain")
    first = await tracked(client, at("/diary/index"), include_diff=True)
    assert counts(first) == [5, 0, 0, 0]
    second = await tracked(client, at("/diary/index"), include_diff=True)
    assert counts(second) == [1, 2, 1, 2]
    assert sorted(second["change_tracking"]["removed_urls"]) == [at("/diary/c"), at("/diary/d")]
    assert {name: of_page(second, name)["status"] for name in ("index", "a", "b", "e")} == {
        "index": "changed",
        "a": "unchanged",
        "b": "changed",
        "e": "new",
    }
    ((piece),) = of_page(second, "b")["diff"]
    assert ("1.50" in str(piece["removed"]), "2.50" in str(piece["added"])) == (True, True)
    assert "diff" not in of_page(second, "a")
    assert await account.charges() == [5 * 200, 4 * 200 + 2 * 1000], "a diff that was delivered costs a credit"
    costs = [page["billing"]["final_cost_microcents"] for page in second["pages"] if page["status"] == "completed"]
    assert sorted(costs) == [200, 200, 1200, 1200]
    third = await tracked(client, at("/diary/index"))
    assert counts(third) == [0, 1, 3, 0]
    assert "diff" not in of_page(third, "b")


async def test_what_a_crawl_did_not_come_to_is_not_removed(client: Client, site_of: Callable[[str], Address]) -> None:
    tree = site_of("plain")("/tree/0")
    assert counts(await tracked(client, tree, given={"max_depth": 2})) == [13, 0, 0, 0]
    assert counts(await tracked(client, tree, given={"max_depth": 2, "budget": {"*": 2}})) == [0, 0, 2, 0]
    lame = site_of("plain")("/lame/index")
    assert counts(await tracked(client, lame)) == [3, 0, 0, 0]
    failed = await tracked(client, lame)
    assert (failed["failed"], failed["stopped_by"], counts(failed)) == (1, None, [0, 0, 1, 0])
    assert counts(await tracked(client, lame)) == [0, 0, 3, 0]


async def test_fields_of_what_a_schema_extracts(client: Client, site_of: Callable[[str], Address]) -> None:
    given = {"extraction_schema": SCHEMA}
    url = site_of("plain")("/diary/index")
    asked: dict[str, Any] = {"mode": "structured", "include_diff": True, "given": given}
    await tracked(client, url, **asked)
    body = await tracked(client, url, **asked)
    assert of_page(body, "b") == {
        "status": "changed",
        "diff": [{"field": "price", "before": 1.5, "after": 2.5}],
    }
    (page,) = [page for page in body["pages"] if page["url"].endswith("/b")]
    assert page["credits_used"] == 3, "a page of tier 1 and a diff of two credits, rounded up"


async def test_histories_of_other_names_and_modes_are_others(client: Client, site_of: Callable[[str], Address]) -> None:
    url = site_of("plain")("/diary/index")
    await tracked(client, url)
    other = await tracked(client, url, tracking_id="another")
    assert counts(other) == [4, 0, 0, 0]
    structured = await tracked(client, url, mode="structured", given={"formats": ["json"]})
    assert (counts(structured), structured["change_tracking"]["compares"]) == ([4, 0, 0, 0], "json")
    again = await tracked(client, url)
    assert counts(again) == [1, 2, 1, 2]


async def test_a_crawl_that_was_cut_off_calls_nothing_removed(
    client: Client, site_of: Callable[[str], Address]
) -> None:
    url = site_of("plain")("/diary/index")
    await tracked(client, url)
    cut = await tracked(client, url, given={"max_pages": 1})
    assert (counts(cut), cut["stopped_by"]) == ([0, 1, 0, 0], "max_pages")


async def test_structured_needs_something_structured(client: Client, target: Address) -> None:
    tracking = {"enabled": True, "mode": "structured"}
    asked = {"url": target("/article"), "formats": ["text"], "change_tracking": tracking}
    answer = await client.post("/crawl", json=asked)
    assert (answer.status_code, answer.json()["field"]) == (400, "change_tracking.mode")
