import pytest

from alterlab_server.base.money import MICROCENTS_PER_DOLLAR
from alterlab_server.billing.rate_tiers import next_rate_tier, rate_tier


@pytest.mark.parametrize(
    ("dollars", "override", "tier", "following"),
    [
        (-1, None, "free", "basic"),
        (5, None, "basic", "growth"),
        (10_000, None, "high_volume", None),
        (1, "unlimited", "unlimited", None),
        (1, "no-such-tier", "free", "basic"),
    ],
)
def test_the_tier_of_a_balance_and_the_next(dollars: int, override: str, tier: str, following: str) -> None:
    found = rate_tier(dollars * MICROCENTS_PER_DOLLAR, override)
    further = next_rate_tier(found)
    assert (found.slug, further.slug if further else None) == (tier, following)
