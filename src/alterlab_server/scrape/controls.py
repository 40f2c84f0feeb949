"""From the wire types of a request to what fetching and extraction are asked for."""

from alterlab_server.base.errors import PaymentRequired, Unprocessable
from alterlab_server.extract import ExtractOptions
from alterlab_server.fetch.memory import HostMemory
from alterlab_server.fetch.plan import ClimbControls, Plan, Withheld, make_plan
from alterlab_server.fetch.request import BrowserOptions, FetchRequest
from alterlab_server.fetch.tier import TIERS
from alterlab_server.scrape.answer import ContentPlan
from alterlab_server.scrape.failure import COST_CODE
from alterlab_server.scrape.price import add_on_price, add_ons, base_price, cost_limit
from alterlab_server.scrape.proxies import wanted_country
from alterlab_server.scrape.schemas import Advanced, ScrapeRequest
from alterlab_server.scrape.timezones import timezone_of

# Why there is no tier to try, in words; what a host has taught withholds only beside others that are left.
_WHY = {
    Withheld.MIN_TIER: "below what the request needs",
    Withheld.MAX_TIER: "above cost_controls.max_tier",
    Withheld.FORCE_TIER: "not cost_controls.force_tier",
    Withheld.MAX_COST: "above cost_controls.max_credits",
    Withheld.FAIL_FAST: "withheld by cost_controls.fail_fast",
    Withheld.MODE: "not for this mode",
    Withheld.RENDER_JS: "without a browser",
    Withheld.HOST: "known to be in vain on this host",
    Withheld.NOT_AVAILABLE: "not available on this server",
}
_DEFAULT_WAIT = "networkidle"
_FULL_PAGE = next(row.name for row in TIERS if row.full_page)


def climb_controls(request: ScrapeRequest) -> ClimbControls:
    """What the request says about the climb."""
    cost = request.cost_controls
    return ClimbControls(
        mode=request.mode,
        render_js=request.advanced.render_js,
        min_tier=_min_tier(request),
        max_tier=cost.max_tier,
        force_tier=cost.force_tier,
        max_cost_microcents=_tier_cost_limit(request),
        prefer_cost=cost.prefer_cost,
        prefer_speed=cost.prefer_speed,
        fail_fast=cost.fail_fast,
        time_budget=cost.time_budget,
    )


def plan(request: ScrapeRequest, memory: HostMemory | None, available: frozenset[str], now: float) -> Plan:
    """The plan of the climb; raises when the request's own controls leave no tier."""
    made = make_plan(climb_controls(request), memory, available, now)
    if made.rows:
        return made
    reasons = set(made.withheld.values())
    limit = cost_limit(request)
    if "max_credits" in reasons and limit is not None:
        too_dear = [row for row in TIERS if made.withheld[row.name] is Withheld.MAX_COST]
        least = min(base_price(row, request) for row in too_dear) + add_on_price(add_ons(request))
        raise PaymentRequired(
            f"cost_controls.max_credits allows {limit} microcents; this request costs at least {least}.",
            code=COST_CODE,
            details={"field": "cost_controls.max_credits", "least_microcents": least},
        )
    raise _no_tier_left(made)


def fetch_request(
    request: ScrapeRequest, url: str, proxy: str | None, *, block_images: bool, owner: str
) -> FetchRequest:
    """What the tiers are asked for; `url` is the normalised one, `proxy` the one that was chosen, `block_images`
    what is done on this host when the request does not say, and `owner` for whom it is.
    """
    advanced = request.advanced
    headers = {**(advanced.session_headers or {}), **request.headers}
    language = request.location.language
    if language and not any(name.lower() == "accept-language" for name in headers):
        headers["Accept-Language"] = language
    body = None
    if request.body is not None:
        body = request.body.encode()
        if not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = request.content_type
    return FetchRequest(
        url=url,
        method=request.method,
        headers=headers,
        cookies=request.cookies or {},
        body=body,
        max_bytes=request.max_response_bytes,
        proxy=proxy,
        browser=_browser_options(request, advanced, block_images=block_images),
        owner=owner,
    )


def extract_options(request: ScrapeRequest, content: ContentPlan, url: str, content_type: str) -> ExtractOptions:
    """What extraction is asked for."""
    raw = ("raw",) if request.include_raw_html and "raw" not in content.formats else ()
    section_filter = request.advanced.section_filter
    return ExtractOptions(
        formats=(*content.formats, *raw),
        url=url,
        content_type=content_type,
        filter_content=request.filter_content,
        schema=request.extraction_schema,
        profile=request.extraction_profile or request.extraction_template,
        evidence=request.evidence,
        promote_schema_org=request.promote_schema_org,
        section_filter=section_filter.model_dump() if section_filter else None,
    )


def _no_tier_left(made: Plan) -> Unprocessable:
    """The error of a plan without tiers: what withholds each, and the caller's control that he would have to change."""
    by_reason: dict[Withheld, list[str]] = {}
    for row in TIERS:
        by_reason.setdefault(made.withheld[row.name], []).append(row.name)
    withheld = "; ".join(f"{', '.join(names)} {_WHY[why]}" for why, names in by_reason.items())
    control = next((why for why in (Withheld.FORCE_TIER, Withheld.MAX_TIER) if why in by_reason), None)
    field = {"field": f"cost_controls.{control}"} if control else {}
    return Unprocessable(
        f"No tier is left to try: {withheld}.",
        code="TIER_LIMIT_REACHED",
        details={"withheld": {name: str(why) for name, why in made.withheld.items()}, **field},
    )


def _min_tier(request: ScrapeRequest) -> str | None:
    """The caller's own lower bound, or the full browser where the request needs what only that has."""
    given = request.cost_controls.min_tier
    advanced = request.advanced
    full = (
        advanced.render_js is True
        or request.screenshot
        or advanced.screenshot
        or advanced.generate_pdf
        or bool(advanced.actions)
        or request.wait_for is not None
        or any((advanced.wait_time, advanced.viewport_width, advanced.viewport_height, advanced.mobile))
        or request.enable_scroll is True
    )
    return max(given or "0", _FULL_PAGE, key=float) if full else given


def _browser_options(request: ScrapeRequest, advanced: Advanced, *, block_images: bool) -> BrowserOptions:
    country, resources = wanted_country(request), advanced.block_resources or ()
    without_images = block_images or "image" in resources
    return BrowserOptions(
        wait_until=_wait_until(request),
        wait_for=request.wait_for,
        wait_seconds=advanced.wait_time / 1000,
        width=advanced.viewport_width,
        height=advanced.viewport_height,
        mobile=advanced.mobile,
        screenshot=request.screenshot or advanced.screenshot,
        pdf=advanced.generate_pdf,
        scroll_count=_scroll_count(request, advanced),
        include_iframes=advanced.include_iframes,
        flatten_shadow_dom=advanced.flatten_shadow_dom,
        remove_cookie_banners=advanced.remove_cookie_banners,
        block_images=without_images if advanced.block_images is None else advanced.block_images,
        blocked=frozenset(name.capitalize() for name in resources if name != "image"),
        language=request.location.language,
        timezone=timezone_of(country) if country else None,
        actions=tuple(action.model_dump(exclude_none=True) for action in advanced.actions or ()),
    )


def _wait_until(request: ScrapeRequest) -> str:
    """What the caller chose by either of its two fields; clients send the other one as well, with its default."""
    given = (request.advanced.wait_condition, request.wait_until)
    return next((condition for condition in given if condition not in (None, _DEFAULT_WAIT)), _DEFAULT_WAIT)


def _scroll_count(request: ScrapeRequest, advanced: Advanced) -> int | None:
    """How many heights to scroll; None when the caller leaves it to us."""
    if advanced.scroll_to_load or request.enable_scroll:
        return advanced.scroll_count
    return 0 if request.enable_scroll is False else None


def _tier_cost_limit(request: ScrapeRequest) -> int | None:
    """What is left of max_credits for the tier alone: the add-ons taken off, the method's factor divided out."""
    limit = cost_limit(request)
    if limit is None:
        return None
    left = limit - add_on_price(add_ons(request))
    return max((row.price_microcents for row in TIERS if base_price(row, request) <= left), default=0)
