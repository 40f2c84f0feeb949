"""What is said of a site whose robots.txt cannot be had."""

import asyncio

import pytest

from alterlab_server.base.page import Page
from alterlab_server.discover import robots as discover_robots
from alterlab_server.discover.robots import KEPT_SECONDS, RobotsKeeper
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest

ORIGIN = "https://example.com"


class Answering:
    """A tier that always answers the same, and counts how often."""

    def __init__(self, outcome: Page | Failure) -> None:
        self.outcome = outcome
        self.asked = 0

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        self.asked += 1
        return self.outcome

    async def close(self) -> None:
        return None


def page(status: int, body: bytes = b"") -> Page:
    return Page(f"{ORIGIN}/robots.txt", f"{ORIGIN}/robots.txt", status, {}, body)


@pytest.mark.parametrize(
    ("outcome", "code", "says"),
    [
        (page(503), "ROBOTS_UNREACHABLE", "status 503"),
        (page(429), "ROBOTS_UNREACHABLE", "status 429"),
        (Failure(Verdict.DNS_ERROR, "There is no such name."), "DNS_ERROR", "There is no such name."),
        (Failure(Verdict.TIMEOUT, "It took too long."), "TIMEOUT", "It took too long."),
    ],
)
async def test_rules_that_cannot_be_had_allow_nothing_and_say_why(
    outcome: Page | Failure, code: str, says: str
) -> None:
    tier = Answering(outcome)
    keeper = RobotsKeeper(tier)
    assert not (await keeper.of(ORIGIN)).allows(f"{ORIGIN}/")
    error = await keeper.error(ORIGIN)
    assert error is not None
    assert error.code == code
    assert says in error.message
    assert tier.asked == 1


@pytest.mark.parametrize("outcome", [page(200), page(404), page(403), Failure(Verdict.REDIRECT_LOOP, "In circles.")])
async def test_a_site_that_answers_without_rules_allows_everything(outcome: Page | Failure) -> None:
    keeper = RobotsKeeper(Answering(outcome))
    assert (await keeper.of(ORIGIN)).allows(f"{ORIGIN}/")
    assert await keeper.error(ORIGIN) is None


async def test_rules_that_cannot_be_renewed_stay_as_they_were() -> None:
    tier = Answering(page(200, b"User-agent: *\nDisallow: /private\n"))
    keeper = RobotsKeeper(tier)
    assert await keeper.error(ORIGIN) is None
    loop = asyncio.get_running_loop()
    later = loop.time() + KEPT_SECONDS + 1
    loop.time = lambda: later
    tier.outcome = page(503)
    assert await keeper.error(ORIGIN) is None
    rules = await keeper.of(ORIGIN)
    assert (rules.allows(f"{ORIGIN}/"), rules.allows(f"{ORIGIN}/private")) == (True, False)
    assert tier.asked == 2


async def test_no_more_is_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover_robots, "MAX_REMEMBERED_BYTES", 100)
    tier = Answering(page(200, b"User-agent: *\nDisallow: /private/\n"))
    keeper = RobotsKeeper(tier)
    for host in "abcabc":
        assert not (await keeper.of(f"https://{host}.test")).allows(f"https://{host}.test/private/")
    assert tier.asked == 3
    await keeper.of("https://d.test")
    await keeper.of("https://a.test")
    assert tier.asked == 5
