import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psutil
import pytest
from tests.integration.browser.helpers import LOOPBACK, fetch, good, page_url, waiting_for
from tests.site import HostileSite
from tests.support.held_page import HeldPage
from tests.support.running import descendants
from tests.support.waiting import PATIENCE, eventually_async

from alterlab_server.fetch.browser import pulse
from alterlab_server.fetch.browser.options import PoolOptions
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.egress import Gate
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import BrowserOptions, FetchRequest
from alterlab_server.fetch.tiers.browser import BrowserTier
from alterlab_server.fetch.tiers.lightjs import LightBrowserTier

NEVER = BrowserOptions(wait_for="#never", wait_for_timeout=PATIENCE)


@asynccontextmanager
async def pool_with(options: PoolOptions) -> AsyncIterator[BrowserPool]:
    pool = BrowserPool(Gate(LOOPBACK), options)
    try:
        yield pool
    finally:
        await pool.close()


async def until(condition: Callable[[], bool]) -> None:
    async def holds() -> bool:
        return condition()

    await eventually_async(holds)


def helpers(pool: BrowserPool) -> list[tuple[psutil.Process, list[str]]]:
    """The processes under those of the pool's first browser, with their arguments."""
    found = []
    for process in psutil.Process(pool.processes[0].pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            found.append((process, process.cmdline()))
    return found


@pytest.mark.usefixtures("patient")
async def test_many_jobs_share_one_browser(site: HostileSite, pool: BrowserPool) -> None:
    tier = LightBrowserTier(pool)
    pages = await asyncio.gather(*(good(tier, site.url("/article")) for _ in range(6)))
    assert [page.status for page in pages] == [200] * 6
    assert len(pool.processes) == 1
    assert pool.processes[0].pages == 6


async def test_contexts_are_bounded() -> None:
    async with pool_with(PoolOptions(max_contexts=2)) as pool, HeldPage() as held:
        jobs = [asyncio.create_task(good(BrowserTier(pool), held.url)) for _ in range(4)]
        await held.asked(2)
        assert [process.active for process in pool.processes] == [2]
        held.release()
        await asyncio.gather(*jobs)


async def test_a_browser_is_replaced_after_its_pages(site: HostileSite) -> None:
    async with pool_with(PoolOptions(max_pages=2)) as pool:
        tier = LightBrowserTier(pool)
        await good(tier, site.url("/article"))
        first = pool.processes[0].pid
        await good(tier, site.url("/article"))
        await good(tier, site.url("/article"))
        assert [process.pid for process in pool.processes] != [first]
        await until(lambda: not psutil.pid_exists(first))


async def test_a_browser_that_is_old_is_replaced(site: HostileSite) -> None:
    async with pool_with(PoolOptions(max_age=0.0)) as pool:
        await good(LightBrowserTier(pool), site.url("/article"))
        assert pool.processes == ()
        await good(LightBrowserTier(pool), site.url("/article"))


async def test_a_browser_that_has_grown_is_replaced(site: HostileSite, pool: BrowserPool) -> None:
    await good(LightBrowserTier(pool), site.url("/article"))
    (grown,) = pool.processes
    await until(lambda: grown.held > 0)
    pool._max_memory = grown.held // 2  # as if it had grown so much since it started
    await good(LightBrowserTier(pool), site.url("/article"))
    assert grown not in pool.processes


async def test_a_browser_that_holds_far_too_much_is_killed(site: HostileSite) -> None:
    request = FetchRequest(site.url("/browser/echo"), method="POST", browser=NEVER)  # which is not repeated
    async with pool_with(PoolOptions(max_memory=1)) as pool:
        outcome = await fetch(BrowserTier(pool), request)
        assert isinstance(outcome, Failure)
        assert outcome.verdict is Verdict.NETWORK_ERROR


async def test_a_browser_ends_only_after_its_last_page(site: HostileSite) -> None:
    async with pool_with(PoolOptions(max_pages=1)) as pool, HeldPage() as held:
        job = asyncio.create_task(good(BrowserTier(pool), held.url))
        await held.asked()
        first = pool.processes[0]
        await good(LightBrowserTier(pool), site.url("/article"))
        assert first.alive
        held.release()
        assert b"Held" in (await job).body


@pytest.mark.parametrize("victim", ["browser", "group", "driver", "renderer"])
async def test_a_page_survives_the_end_of_its_browser(site: HostileSite, pool: BrowserPool, victim: str) -> None:
    async with HeldPage() as held:
        job = asyncio.create_task(good(BrowserTier(pool), waiting_for(site, held)))
        await held.asked()
        leader = psutil.Process(pool.processes[0].pid)
        match victim:
            case "browser":
                next(process for process, line in helpers(pool) if "--type=" not in " ".join(line)).kill()
            case "group":
                os.killpg(leader.pid, signal.SIGKILL)
            case "driver":
                parent = leader.parent()
                assert parent
                parent.kill()
            case "renderer":
                for process, line in helpers(pool):
                    if "--type=renderer" in line:
                        process.kill()
        held.release()
        page = await job
    assert b"Slow" in page.body
    assert b'id="done"' in page.body


@pytest.mark.parametrize("victim", ["group", "driver"])
async def test_a_page_survives_a_browser_that_hangs(
    site: HostileSite, monkeypatch: pytest.MonkeyPatch, victim: str
) -> None:
    monkeypatch.setattr(pulse, "_ASK_SECONDS", 0.1)
    monkeypatch.setattr(pulse, "_ANSWER_SECONDS", 2.0)
    async with pool_with(PoolOptions()) as pool, HeldPage() as held:
        job = asyncio.create_task(good(BrowserTier(pool), waiting_for(site, held)))
        await held.asked()
        leader = psutil.Process(pool.processes[0].pid)
        driver = leader.parent()
        assert driver
        if victim == "group":
            os.killpg(leader.pid, signal.SIGSTOP)
        else:
            driver.suspend()
        held.release()
        assert b'id="done"' in (await job).body
        await until(lambda: not psutil.pid_exists(leader.pid) and not psutil.pid_exists(driver.pid))


@pytest.mark.parametrize("kind", ["--type=zygote", "--utility-sub-type=network.mojom.NetworkService"])
async def test_a_browser_that_lost_a_vital_helper_is_replaced(site: HostileSite, pool: BrowserPool, kind: str) -> None:
    async with HeldPage() as held:
        job = asyncio.create_task(good(BrowserTier(pool), waiting_for(site, held)))
        await held.asked()
        (browser,) = pool.processes
        await until(lambda: any(process in browser._vital for process, line in helpers(pool) if kind in line))
        for process, line in helpers(pool):
            if kind in line:
                process.kill()
        held.release()
        assert (await job).status == 200
    assert (await good(BrowserTier(pool), site.url("/article"))).status == 200


async def test_a_request_that_may_have_had_an_effect_is_not_repeated(site: HostileSite, pool: BrowserPool) -> None:
    request = FetchRequest(site.url("/browser/echo"), method="POST", body=b"pay", browser=NEVER)
    job = asyncio.create_task(fetch(BrowserTier(pool), request))
    await until(lambda: len(site.requests) == 1)
    os.killpg(pool.processes[0].pid, signal.SIGKILL)
    outcome = await job
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.NETWORK_ERROR
    assert len(site.requests) == 1


async def test_cancelling_a_job_closes_its_context_at_once(site: HostileSite, pool: BrowserPool) -> None:
    job = asyncio.create_task(fetch(BrowserTier(pool), FetchRequest(site.url("/article"), browser=NEVER)))
    await until(lambda: len(site.requests) == 1)
    process = pool.processes[0]
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert process.contexts == 0
    assert process.active == 0
    assert process.alive


async def test_nothing_is_left_after_closing(site: HostileSite) -> None:
    before = descendants()
    async with pool_with(PoolOptions()) as pool:
        await good(LightBrowserTier(pool), page_url(site, "<iframe src='/article'></iframe>"))
        assert descendants() > before
    assert descendants() <= before


async def test_nothing_is_left_of_a_browser_that_was_killed(site: HostileSite) -> None:
    before = descendants()
    async with pool_with(PoolOptions()) as pool:
        await good(LightBrowserTier(pool), site.url("/article"))
        os.killpg(pool.processes[0].pid, signal.SIGKILL)
        await good(LightBrowserTier(pool), site.url("/article"))
    assert descendants() <= before


async def test_a_closed_pool_takes_no_more_jobs(site: HostileSite, pool: BrowserPool) -> None:
    await pool.close()
    outcome = await fetch(BrowserTier(pool), site.url("/article"))
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.NOT_AVAILABLE
