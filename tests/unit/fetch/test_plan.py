from typing import Any

import pytest

from alterlab_server.fetch.memory import HostMemory, Record
from alterlab_server.fetch.plan import ClimbControls, Withheld, make_plan

ALL = ("1", "2", "3", "3.5", "4", "5")

ROWS: list[tuple[dict[str, Any], str]] = [
    ({}, "1 2 3 3.5 4 5"),
    ({"max_tier": "3"}, "1 2 3"),
    ({"max_tier": "3.5"}, "1 2 3 3.5"),
    ({"min_tier": "3"}, "3 3.5 4 5"),
    ({"force_tier": "3"}, "3"),
    ({"force_tier": "4", "max_tier": "3"}, ""),
    ({"max_cost_microcents": 2_000}, "1 2 3"),
    ({"max_cost_microcents": 100}, ""),
    ({"prefer_cost": True}, "1 2 3 3.5 4 5"),
    ({"prefer_speed": True}, "4 5"),
    ({"prefer_speed": True, "max_tier": "3"}, "1 2 3"),
    ({"fail_fast": True}, "1 2 3"),
    ({"fail_fast": True, "render_js": True}, "3.5 4 5"),
    ({"render_js": True}, "3.5 4 5"),
    ({"render_js": "auto"}, "1 2 3 3.5 4 5"),
    ({"mode": "js"}, "3.5 4 5"),
    ({"mode": "html"}, "1 2 3"),
    ({"mode": "html", "render_js": "auto"}, "1 2 3 3.5 4 5"),
    ({"mode": "pdf"}, "1 2 3"),
    ({"mode": "ocr"}, "1 2 3"),
    ({"render_js": True, "force_tier": "1"}, ""),
]


@pytest.mark.parametrize(("controls", "names"), ROWS)
def test_tiers_in_the_plan(controls: dict[str, Any], names: str) -> None:
    plan = make_plan(ClimbControls(**controls), None, ALL)
    assert " ".join(row.name for row in plan.rows) == names


def test_a_tier_that_is_not_there_is_never_planned() -> None:
    plan = make_plan(ClimbControls(), None, ("1", "3"))
    assert [row.name for row in plan.rows] == ["1", "3"]
    assert plan.withheld["5"] is Withheld.NOT_AVAILABLE


def test_plan_names_the_tier_that_would_be_next() -> None:
    assert make_plan(ClimbControls(max_tier="3"), None, ALL).notes() == {"next_tier": "3.5", "withheld_by": "max_tier"}
    assert make_plan(ClimbControls(fail_fast=True), None, ALL).notes()["withheld_by"] == "fail_fast"
    assert make_plan(ClimbControls(), None, ALL).notes() == {}


HARD_HOST = HostMemory({"1": Record(10, 0), "2": Record(10, 1), "3": Record(10, 9)}, updated_at=0.0)


def test_a_known_host_starts_where_it_works() -> None:
    plan = make_plan(ClimbControls(), HARD_HOST, ALL)
    assert (plan.rows[0].name, plan.start) == ("3", "host")
    assert plan.withheld["1"] is Withheld.HOST


def test_a_tier_that_was_asked_for_is_no_choice_of_the_host() -> None:
    assert make_plan(ClimbControls(force_tier="3"), HARD_HOST, ALL).start == "default"


def test_prefer_cost_starts_at_the_bottom_all_the_same() -> None:
    assert make_plan(ClimbControls(prefer_cost=True), HARD_HOST, ALL).rows[0].name == "1"


def test_what_was_learnt_fades() -> None:
    ten_weeks = 10 * 7 * 24 * 3600.0
    assert make_plan(ClimbControls(), HARD_HOST, ALL, now=ten_weeks).rows[0].name == "1"
