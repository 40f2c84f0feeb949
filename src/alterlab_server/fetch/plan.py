"""The plan of a climb: which tiers are tried, in which order, and which are withheld and why. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from alterlab_server.fetch.memory import HostMemory, first_tier
from alterlab_server.fetch.tier import TIERS, TierRow

RenderJs = Literal[True, False, "auto"]
_SPEED_TIER = "4"
_RENDERING_MODES = frozenset(("js",))
_PLAIN_MODES = frozenset(("html", "pdf", "ocr"))


class Withheld(StrEnum):
    """Why a tier is not in the plan; the values name the control that withholds it."""

    MIN_TIER = "min_tier"
    MAX_TIER = "max_tier"
    FORCE_TIER = "force_tier"
    MAX_COST = "max_credits"
    FAIL_FAST = "fail_fast"
    MODE = "mode"
    RENDER_JS = "render_js"
    HOST = "host_memory"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True, slots=True)
class ClimbControls:
    """What a caller may say about the climb; names and meanings are those of `cost_controls` in the API.

    `max_cost_microcents` is what the tier alone may cost: the caller takes add-ons off, and divides by the factor of
    the request's method, before it makes the plan. `time_budget` is in seconds.
    """

    mode: str = "auto"
    render_js: RenderJs = False
    min_tier: str | None = None
    max_tier: str | None = None
    force_tier: str | None = None
    max_cost_microcents: int | None = None
    prefer_cost: bool = False
    prefer_speed: bool = False
    fail_fast: bool = False
    time_budget: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The tiers to try, cheapest first, and those withheld by name; `start` says which rule chose the first."""

    rows: tuple[TierRow, ...]
    withheld: Mapping[str, Withheld]
    mode: str = "auto"
    time_budget: float | None = None
    start: str = "default"

    def next_withheld(self, *, rendering: bool = False) -> tuple[TierRow, Withheld] | None:
        """The tier to try next had it not been withheld, and by what; only a `rendering` one when that is needed.

        One that the caller could have is named before one that this installation does not have.
        """
        last = self.rows[-1].number if self.rows else Decimal(0)
        above = [row for row in TIERS if row.number > last and (row.renders or not rendering)]
        above.sort(key=lambda row: self.withheld[row.name] is Withheld.NOT_AVAILABLE)
        return next(((row, self.withheld[row.name]) for row in above), None)

    def notes(self, *, rendering: bool = False) -> dict[str, Any]:
        """What the answer says about a climb that ended here: the tier that would be needed, and what withheld it."""
        following = self.next_withheld(rendering=rendering)
        return {"next_tier": following[0].name, "withheld_by": str(following[1])} if following else {}


def make_plan(controls: ClimbControls, memory: HostMemory | None, available: Collection[str], now: float = 0.0) -> Plan:
    """Choose among the available tiers (by name). `now` is the time of day in seconds since the epoch."""
    withheld = dict(_withheld(controls, frozenset(available)))
    rows = [row for row in TIERS if row.name not in withheld]
    start, first = _start(rows, controls, memory, now)
    for row in rows:
        if row.number < first:
            withheld[row.name] = Withheld.HOST if start == "host" else Withheld.MIN_TIER
    rows = [row for row in rows if row.number >= first]
    if controls.fail_fast and rows and not rows[0].renders:
        withheld |= {row.name: Withheld.FAIL_FAST for row in rows if row.renders}
        rows = [row for row in rows if not row.renders]
    return Plan(tuple(rows), withheld, controls.mode, controls.time_budget, start)


@lru_cache(maxsize=256)  # the pages of a crawl and the items of a batch all ask for the same
def _withheld(controls: ClimbControls, available: frozenset[str]) -> Mapping[str, Withheld]:
    return {row.name: why for row in TIERS if (why := _withheld_by_request(row, controls, available))}


def _withheld_by_request(row: TierRow, controls: ClimbControls, available: Collection[str]) -> Withheld | None:
    rules = (
        (row.name not in available, Withheld.NOT_AVAILABLE),
        (controls.force_tier is not None and row.name != controls.force_tier, Withheld.FORCE_TIER),
        (controls.max_tier is not None and row.number > Decimal(controls.max_tier), Withheld.MAX_TIER),
        (controls.min_tier is not None and row.number < Decimal(controls.min_tier), Withheld.MIN_TIER),
        (controls.mode in _PLAIN_MODES and row.renders and controls.render_js is False, Withheld.MODE),
        (_must_render(controls) and not row.renders, Withheld.RENDER_JS),
        (
            controls.max_cost_microcents is not None and row.price_microcents > controls.max_cost_microcents,
            Withheld.MAX_COST,
        ),
    )
    return next((why for holds, why in rules if holds), None)


def _must_render(controls: ClimbControls) -> bool:
    return controls.render_js is True or controls.mode in _RENDERING_MODES


def _start(rows: list[TierRow], controls: ClimbControls, memory: HostMemory | None, now: float) -> tuple[str, Decimal]:
    """Which rule chooses the first tier, and that tier's number. A tier that is not in `rows` chooses nothing."""
    names = [row.name for row in rows]
    if controls.force_tier or controls.prefer_cost or not rows:
        return "default", Decimal(0)
    if controls.prefer_speed and _SPEED_TIER in names:
        return "prefer_speed", Decimal(_SPEED_TIER)
    known = first_tier(memory, names, now) if memory else None
    return ("host", Decimal(known)) if known else ("default", Decimal(0))
