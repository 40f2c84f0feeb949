"""What is told of a climb that brought no page."""

from alterlab_server.fetch.outcome import Attempt, ClimbResult, Judgement, Verdict
from alterlab_server.scrape.answer import billing_block
from alterlab_server.scrape.failure import error_of
from alterlab_server.scrape.schemas import ScrapeRequest

SHELL = Judgement(Verdict.NEEDS_JAVASCRIPT, "It builds itself by script.")
TRIED = Attempt("1", "failed", SHELL, status_code=200)
SKIPPED = tuple(Attempt(tier, "skipped", Judgement(Verdict.NEEDS_JAVASCRIPT)) for tier in ("2", "3"))


def test_a_failure_names_the_last_tier_that_was_tried() -> None:
    request = ScrapeRequest(url="https://example.com/")
    climbed = ClimbResult(None, SHELL, (TRIED, *SKIPPED))
    billing = billing_block(request, climbed.attempts, 0)
    error = error_of(climbed, request.url, billing, {})
    assert (billing["tier_used"], [step["tier"] for step in billing["escalations"]]) == ("1", ["1", "2", "3"])
    assert (error.details["tier"], error.details["status_code"]) == ("1", 200)


def test_a_climb_without_time_for_any_tier_names_none() -> None:
    request = ScrapeRequest(url="https://example.com/")
    climbed = ClimbResult(None, Judgement(Verdict.TIMEOUT), SKIPPED)
    billing = billing_block(request, climbed.attempts, 0)
    assert billing["tier_used"] is None
    assert "tier" not in error_of(climbed, request.url, billing, {}).details
