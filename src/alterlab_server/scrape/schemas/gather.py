"""What clients send in other places than the spec says, put where it belongs."""

from typing import Any

from alterlab_server.base.money import MICROCENTS_PER_DOLLAR
from alterlab_server.scrape.schemas.fields import at_fault

# Fields of `advanced` that some clients send beside it; the request's own fields of the same name come first.
_ADVANCED_AT_TOP = (
    "render_js",
    "generate_pdf",
    "ocr",
    "use_proxy",
    "use_own_proxy",
    "use_system_proxy",
    "proxy_integration_id",
    "proxy_country",
    "remove_cookie_banners",
    "wait_condition",
    "scroll_to_load",
    "scroll_count",
    "include_iframes",
    "flatten_shadow_dom",
    "block_images",
    "block_resources",
    "wait_time",
    "viewport_width",
    "viewport_height",
    "mobile",
    "markdown",
    "section_filter",
    "session_headers",
    "actions",
)
_TOP_IN_ADVANCED = ("session_id", "cookies", "wait_for", "force_refresh", "headers", "location")
_COST_AT_TOP = ("prefer_cost", "prefer_speed", "fail_fast")


def gather(data: dict[str, Any]) -> dict[str, Any]:
    """Move copies of `advanced` and `cost_controls` fields at the top, and legacy names, to their place."""
    given = {key: value for key, value in data.items() if value is not None}
    advanced = _without_nulls(given.get("advanced"))
    cost = _without_nulls(given.get("cost_controls"))
    if not isinstance(advanced, dict) or not isinstance(cost, dict):
        return given
    for name in _ADVANCED_AT_TOP:
        if name in given:
            advanced.setdefault(name, given[name])
    for name in _TOP_IN_ADVANCED:
        if name in advanced:
            given.setdefault(name, advanced[name])
    for name in (*_COST_AT_TOP, "min_tier"):
        if name in given:
            cost.setdefault(name, given[name])
    if "wait_for_selector" in given:
        given.setdefault("wait_for", given["wait_for_selector"])
    if "country" in given and "location" not in given:
        given["location"] = {"country": given["country"]}
    if "language" in given and given.get("mode") == "ocr":
        given.setdefault("ocr_language", given["language"])
    return given | {"advanced": advanced, "cost_controls": cost}


def gather_cost(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of `cost_controls`, with what clients call by other names under theirs."""
    named = {"max_credits": data["max_cost"]} if data.get("max_cost") is not None else {}
    dollars, prefer = data.get("max_cost_dollars"), data.get("prefer", "balanced")
    if isinstance(dollars, int | float) and dollars > 0:
        named["max_credits"] = dollars if dollars < 1 else dollars * MICROCENTS_PER_DOLLAR
    elif dollars is not None:
        raise at_fault("max_cost_dollars", "must be a number above 0")
    if prefer in ("cost", "speed"):
        named[f"prefer_{prefer}"] = True
    elif prefer != "balanced":
        raise at_fault("prefer", "must be cost, speed or balanced")
    return named | data


def _without_nulls(value: Any) -> Any:
    """A copy without its nulls; what is no object is left for the validation to refuse."""
    if value is None:
        return {}
    return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value
