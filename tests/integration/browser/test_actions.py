"""What a caller has done on a page."""

import asyncio

import pytest
from tests.integration.browser.helpers import page_url, render
from tests.site import HostileSite
from tests.support.waiting import PATIENCE

from alterlab_server.fetch.browser import render as rendering
from alterlab_server.fetch.browser.actions import Fields, Stage, run_actions
from alterlab_server.fetch.browser.budget import Budget
from alterlab_server.fetch.browser.pool import BrowserPool
from alterlab_server.fetch.request import BrowserOptions

ACTED = """<h1 id=h>Before</h1><input id=word><button id=b onclick="h.textContent = 'Clicked ' + word.value">B</button>
<input id=key onkeydown="document.title = event.key"><div style='height: 4000px'></div>"""


async def test_actions_act_in_their_order(site: HostileSite, pool: BrowserPool) -> None:
    actions = (
        {"type": "fill", "selector": "#word", "value": "now"},
        {"type": "click", "selector": "#b"},
        {"type": "press", "selector": "#key", "key": "Enter"},
        {"type": "wait", "milliseconds": 10},
        {"type": "wait_for", "selector": "#h"},
        {"type": "scroll", "direction": "down", "amount": 2},
        {"type": "evaluate", "script": "window.scrollY"},
        {"type": "scroll", "direction": "up", "amount": 1},
        {"type": "evaluate", "script": "return [window.scrollY, document.title]"},
        {"type": "screenshot"},
    )
    page = await render(pool, page_url(site, ACTED), BrowserOptions(actions=actions))
    results = page.action_results
    assert b"Clicked now</h1>" in page.body
    assert [(row["index"], row["type"], row["success"]) for row in results] == [
        (index, action["type"], True) for index, action in enumerate(actions)
    ]
    assert results[6]["result"] == 2 * 768
    assert results[8]["result"] == [768, "Enter"]
    assert page.files[results[9]["result"]["file"]].startswith(b"\x89PNG")
    assert all(isinstance(row["duration_ms"], int) for row in results)


async def test_a_failing_action_is_recorded_and_the_next_one_is_done(site: HostileSite, pool: BrowserPool) -> None:
    actions = (
        {"type": "click", "selector": "#missing"},
        {"type": "click"},
        {"type": "dance"},
        {"type": "fill", "selector": "#h", "value": "x"},
        {"type": "evaluate", "script": "nothing.here"},
        {"type": "evaluate", "script": "'x'.repeat(1000000)"},
        {"type": "evaluate", "script": "for (let i = 0, deep = []; ; deep = [deep]) if (i++ > 200) return deep"},
        {"type": "evaluate", "script": "throw new Error('half \\ud800')"},
        {"type": "wait", "milliseconds": -1},
        {"type": "click", "selector": "#b"},
    )
    page = await render(pool, page_url(site, ACTED), BrowserOptions(actions=actions))
    assert [row["success"] for row in page.action_results] == [False] * 9 + [True]
    assert all(row["error"] for row in page.action_results[:9])
    assert page.action_results[7]["error"].endswith("half \ufffd")
    assert "nothing is not defined" in page.action_results[4]["error"]
    assert b"Clicked" in page.body


async def test_a_result_is_what_an_answer_can_hold(site: HostileSite, pool: BrowserPool) -> None:
    actions = (
        {"type": "evaluate", "script": "const answer = await fetch('/article'); return answer.status"},
        {"type": "evaluate", "script": "fetch('/article').then((answer) => answer.status)"},
        {"type": "evaluate", "script": "return ['half \\ud800', 2 ** 65, NaN]"},
    )
    page = await render(pool, page_url(site, ACTED), BrowserOptions(actions=actions))
    assert [row["result"] for row in page.action_results[:2]] == [200, 200]
    assert page.action_results[2]["result"] == ["half \ufffd", 2.0**65, None]


async def test_an_action_that_does_not_end_leaves_the_page(
    site: HostileSite, pool: BrowserPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hurried(stage: Stage, actions: tuple[Fields, ...]) -> tuple[dict[str, object], ...]:
        stage.budget = Budget(asyncio.get_running_loop().time() + 0.5, stage.budget.deadline)
        return await run_actions(stage, actions)

    monkeypatch.setattr(rendering, "run_actions", hurried)
    actions = ({"type": "evaluate", "script": "new Promise(() => {})"}, {"type": "click", "selector": "#b"})
    page = await render(pool, page_url(site, ACTED), BrowserOptions(actions=actions))
    assert [row["success"] for row in page.action_results] == [False, False]
    assert b"Before</h1>" in page.body


async def test_a_script_runs_whatever_the_page_forbids(site: HostileSite, pool: BrowserPool) -> None:
    html = "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\"><h1>Strict</h1>"
    actions = ({"type": "evaluate", "script": "document.querySelector('h1').textContent"},)
    page = await render(pool, page_url(site, html), BrowserOptions(actions=actions))
    assert page.action_results[0]["result"] == "Strict"


async def test_a_click_may_lead_to_another_page(site: HostileSite, pool: BrowserPool) -> None:
    actions = ({"type": "click", "selector": "a"}, {"type": "wait_for", "selector": "pre"})
    page = await render(pool, page_url(site, "<a href='/browser/echo'>on</a>"), BrowserOptions(actions=actions))
    assert page.final_url == site.url("/browser/echo")
    assert page.action_results[1]["success"] is True


@pytest.mark.parametrize(("most", "grown"), [(3, 3), (20, 4)])
async def test_infinite_scrolling_ends_with_the_list_or_at_its_bound(
    site: HostileSite, pool: BrowserPool, most: int, grown: int
) -> None:
    actions = ({"type": "infinite_scroll", "max_scrolls": most, "wait": PATIENCE * 1000},)
    page = await render(pool, site.url("/browser/list?rows=50"), BrowserOptions(actions=actions))
    assert page.action_results[0]["result"] == {"scrolls": grown}
    assert page.body.decode().count("<li ") == 10 * (grown + 1)


@pytest.mark.parametrize("link", ["/browser/small.pdf", "/status/204"])
async def test_a_click_on_what_is_no_page_leaves_the_page(site: HostileSite, pool: BrowserPool, link: str) -> None:
    actions = ({"type": "click", "selector": "a"},)
    url = page_url(site, f"<h1>Here</h1><a href='{link}'>get</a>")
    page = await render(pool, url, BrowserOptions(actions=actions))
    assert b"<h1>Here</h1>" in page.body
    assert (page.status, page.final_url) == (200, url)
    assert page.redirects == ()
