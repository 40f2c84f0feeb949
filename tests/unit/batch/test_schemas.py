"""What the fields beside the items of a batch mean for each of them."""

from typing import Any

import pytest
from pydantic import ValidationError

from alterlab_server.base.errors import BadRequest, ServiceError, Unprocessable
from alterlab_server.batch.schemas import BatchRequest

URL = "https://a.test/"


def batch(*items: dict[str, Any] | str, **shared: Any) -> BatchRequest:
    return BatchRequest.model_validate({"urls": list(items), **shared})


def test_an_item_adds_to_the_objects_that_all_share() -> None:
    own = {
        "url": URL,
        "advanced": {"screenshot": True},
        "cost_controls": {"max_credits": 5, "max_tier": None},
        "headers": {"X-Own": "1"},
        "mode": None,
    }
    shared: dict[str, Any] = {
        "mode": "js",
        "advanced": {"render_js": True, "block_images": True},
        "cost_controls": {"max_tier": "4", "max_credits": 9},
        "headers": {"X-All": "1"},
    }
    asked = batch(own, URL, **shared)
    first, second = asked.scrape(0), asked.scrape(1)
    assert (first.mode, first.advanced.render_js, first.advanced.screenshot) == ("js", True, True)
    assert (first.cost_controls.max_credits, first.cost_controls.max_tier) == (5, "4")
    assert first.headers == {"X-All": "1", "X-Own": "1"}
    assert (second.advanced.screenshot, second.cost_controls.max_credits) == (False, 9)


def test_what_an_item_has_that_says_nothing() -> None:
    item = batch(URL, sync=True).scrape(0)
    assert (item.formats, item.timeout, item.sync) == (["html", "json", "text"], 90, False)
    assert batch({"url": URL, "timeout": 5}, timeout=7).scrape(0).timeout == 5


def test_a_schema_is_one_value() -> None:
    own = {"url": URL, "extraction_schema": {"a": "string"}}
    assert batch(own, extraction_schema={"b": "string"}).scrape(0).extraction_schema == {"a": "string"}


@pytest.mark.parametrize(
    ("own", "shared", "field", "kind"),
    [
        ({}, {"mode": "fast"}, "mode", BadRequest),
        ({}, {"advanced": {"screenshot": True}}, "advanced.screenshot", BadRequest),
        ({"advanced": {"markdown": True}}, {"advanced": {"screenshot": True}}, "advanced.screenshot", BadRequest),
        ({"mode": "fast"}, {"mode": "js"}, "urls.0.mode", Unprocessable),
        ({"mode": "fast"}, {}, "urls.0.mode", Unprocessable),
        ({"advanced": {"screenshot": True}}, {"advanced": {"x": 1}}, "urls.0.advanced.screenshot", Unprocessable),
        ({"advanced": 5}, {"advanced": {"render_js": True}}, "urls.0.advanced", Unprocessable),
        ({"formats": ["pdf"]}, {"formats": ["text"]}, "urls.0.formats.0", Unprocessable),
        ({"url": None}, {}, "urls.0.url", Unprocessable),
    ],
    ids=str,
)
def test_a_fault_is_told_where_it_was_given(
    own: dict[str, Any], shared: dict[str, Any], field: str, kind: type[ServiceError]
) -> None:
    with pytest.raises(ServiceError) as told:
        batch({"url": URL, **own}, **shared).scrape(0)
    assert (type(told.value), told.value.details["field"]) == (kind, field)


def test_what_all_items_share_is_bounded() -> None:
    many = {f"unknown_{number}": 1 for number in range(101)}
    for shared in (many, {"advanced": many}, {"cost_controls": many}):
        with pytest.raises(ValidationError, match="at most 100 fields"):
            batch(URL, **shared)
