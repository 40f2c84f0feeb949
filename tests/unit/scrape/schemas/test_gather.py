from typing import Any

import pytest
from pydantic import ValidationError

from alterlab_server.scrape.schemas import ScrapeRequest


def read(**fields: Any) -> ScrapeRequest:
    return ScrapeRequest.model_validate({"url": "https://example.com/", **fields})


def test_a_fraction_of_a_second() -> None:
    assert read(timeout=12.5).timeout == 12.5


def test_cookies_as_a_header_writes_them() -> None:
    assert read(cookies="a=b; c=d=e;").cookies == {"a": "b", "c": "d=e"}
    assert read(advanced={"cookies": "a=b"}).cookies == {"a": "b"}
    with pytest.raises(ValidationError, match="no cookie name"):
        read(cookies="a b=c")


def test_an_error_repeats_nothing_of_the_request() -> None:
    with pytest.raises(ValidationError) as refused:
        read(headers={"Authorization": ["Bearer s3cret"]}, cost_controls={"max_tier": "s3cret"})
    assert "s3cret" not in str(refused.value)


def test_a_selector_to_wait_for_by_its_older_name() -> None:
    assert read(wait_for_selector="h1").wait_for == "h1"
    assert read(wait_for_selector="h1", wait_for="h2").wait_for == "h2"


@pytest.mark.parametrize(("dollars", "limit"), [(0.004, 0.004), (1, 1_000_000), (2.5, 2_500_000)])
def test_a_ceiling_in_dollars_keeps_its_unit(dollars: float, limit: float) -> None:
    assert read(cost_controls={"max_cost_dollars": dollars}).cost_controls.max_credits == limit


def test_a_preference_by_its_word() -> None:
    assert read(cost_controls={"prefer": "speed"}).cost_controls.prefer_speed
    assert read(cost_controls={"prefer": "cost"}).cost_controls.prefer_cost
    balanced = read(cost_controls={"prefer": "balanced", "max_cost": 3}).cost_controls
    assert (balanced.prefer_cost, balanced.prefer_speed, balanced.max_credits) == (False, False, 3)
