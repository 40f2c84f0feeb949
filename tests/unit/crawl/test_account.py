"""What the pages of a crawl add up to."""

from dataclasses import replace

import pytest

from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.crawl.account import Account
from alterlab_server.crawl.plan import make_plan
from alterlab_server.crawl.report import describe
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.values import CrawlRow, Visit, Visited

PLAN = make_plan(CrawlRequest(url="https://a.test/", max_pages=2, max_concurrency=25))
NOW = utc_now()
CRAWL = CrawlRow(
    id=new_id(),
    organization_id=new_id(),
    url="https://a.test/",
    mode="auto",
    request=None,
    status="scraping",
    stopped_by=None,
    error=None,
    lane_runs=[1],
    discovered=5,
    leased=3,
    completed=0,
    failed=0,
    cached=0,
    max_depth=3,
    max_pages=4,
    max_concurrency=2,
    budget={},
    current_depth=0,
    tiers={},
    skipped={},
    budget_counts={},
    track=None,
    compared={},
    removed=[],
    holds=[1000],
    used_microcents=0,
    created_at=NOW,
    deadline_at=NOW,
    finished_at=None,
    exporting=False,
    expires_at=None,
)
VISIT = Visit("https://a.test/x", 7, "a.test", 1, 0)
GOOD = Visited(VISIT, "completed", charged_microcents=200, tier="1", status_code=200, skipped={"off_site": 2})


def test_what_is_counted_for_each_outcome() -> None:
    account = Account(CRAWL)
    rows = [
        account.add(GOOD, duplicate=False),
        account.add(GOOD, duplicate=True),
        account.add(Visited(VISIT, "failed", error_code="TIMEOUT"), duplicate=False),
    ]
    assert [row["state"] for row in rows] == ["completed", "skipped", "failed"]
    assert [row["sequence"] for row in rows] == [1, None, 2]
    assert [row["charged"] for row in rows] == [200, 0, 0]
    changes = account.changes()
    assert (changes["leased"], changes["completed"], changes["failed"], changes["used_microcents"]) == (0, 1, 1, 200)
    assert changes["skipped"] == {"off_site": 4, "duplicate": 1}
    assert changes["tiers"] == {"1": 1}
    assert account.stop(PLAN) == "max_pages"


def test_a_reason_of_which_there_is_none_is_not_listed() -> None:
    account = Account(CRAWL)
    account.add(Visited(VISIT, "completed", skipped={"nofollow": 0, "depth": 1}), duplicate=False)
    assert account.changes()["skipped"] == {"depth": 1}


def test_a_page_that_is_tried_again_is_not_counted() -> None:
    account = Account(CRAWL)
    row = account.add(Visited(VISIT, "pending", counts_as_attempt=False), duplicate=False)
    assert (row["state"], row["sequence"], row["attempt"]) == ("pending", None, 0)
    assert account.begun == 2


def test_a_budget_is_never_exceeded() -> None:
    account = Account(CRAWL)
    rows = [(VISIT._replace(fingerprint=mark), "/x*") for mark in (1, 2, 3)]
    visits, over = account.lease(rows, {"/x*": 2})
    assert ([visit.fingerprint for visit in visits], over) == ([1, 2], [3])
    assert account.exhausted({"/x*": 2}) == ["/x*"]


def test_what_a_dead_worker_had() -> None:
    account = Account(CRAWL)
    account.reclaim(["pending", "skipped"])
    assert account.changes()["leased"] == 1
    assert account.changes()["skipped"] == {"worker_died": 1}


def test_endless_duplicates_stop_a_crawl() -> None:
    assert Account(replace(CRAWL, skipped={"duplicate": 100})).stop(PLAN) is None
    assert Account(replace(CRAWL, skipped={"duplicate": 101})).stop(PLAN) == "duplicates"


@pytest.mark.parametrize("concurrency", [1, 9, 10, 11, 25, 50])
def test_lanes_share_the_concurrency(concurrency: int) -> None:
    plan = make_plan(CrawlRequest(url="https://a.test/", max_concurrency=concurrency))
    shares = [plan.lane_concurrency(lane) for lane in range(plan.lanes)]
    assert sum(shares) == concurrency
    assert all(1 <= share <= 10 for share in shares)


def test_no_more_pages_are_in_progress_than_are_visited_at_a_time() -> None:
    assert CRAWL.in_progress == 2
    assert replace(CRAWL, max_concurrency=10).in_progress == 3
    assert replace(CRAWL, max_concurrency=0).in_progress == 3, "of before it was kept"


def test_what_is_held_is_given_back_at_the_end_alone() -> None:
    running = replace(CRAWL, holds=[9_000], used_microcents=2_000)
    told = [describe(crawl)["billing"] for crawl in (running, replace(running, finished_at=NOW))]
    assert [(billing["credits_used"], billing["credits_refunded"]) for billing in told] == [(2, 0), (2, 7)]


def test_the_total_of_a_running_crawl_is_what_it_knows_it_will_scrape() -> None:
    assert CRAWL.total == 4
    assert replace(CRAWL, max_pages=50).total == 5
    assert replace(CRAWL, max_pages=0).total == 3
    assert replace(CRAWL, leased=0, completed=2, finished_at=NOW).total == 2
