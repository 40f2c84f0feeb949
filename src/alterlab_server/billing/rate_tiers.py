"""How often an account may call, by its balance (spec: rate tiers)."""

from dataclasses import dataclass

from alterlab_server.base.money import MICROCENTS_PER_DOLLAR


@dataclass(frozen=True, slots=True)
class RateTier:
    """A row of the table: from which balance on, and what it allows."""

    slug: str
    name: str
    least_microcents: int
    requests_per_minute: int
    concurrent_requests: int


_BY_BALANCE = (
    RateTier("free", "Free", 0, 30, 3),
    RateTier("basic", "Basic", 5 * MICROCENTS_PER_DOLLAR, 60, 10),
    RateTier("growth", "Growth", 50 * MICROCENTS_PER_DOLLAR, 100, 15),
    RateTier("scale", "Scale", 200 * MICROCENTS_PER_DOLLAR, 300, 25),
    RateTier("high_volume", "High volume", 500 * MICROCENTS_PER_DOLLAR, 500, 50),
)
_BY_FLAG = (
    RateTier("enterprise", "Enterprise", 0, 10_000, 500),
    # For an account of the operator's own: no limit is enforced.
    RateTier("unlimited", "Unlimited", 0, 1_000_000_000, 1_000_000_000),
)
RATE_TIERS = {tier.slug: tier for tier in (*_BY_BALANCE, *_BY_FLAG)}


def rate_tier(balance_microcents: int, override: str | None) -> RateTier:
    """The tier that an operator gave the account, else the one its balance reaches."""
    if override in RATE_TIERS:
        return RATE_TIERS[override]
    return max((t for t in _BY_BALANCE if t.least_microcents <= max(0, balance_microcents)), key=_least)


def next_rate_tier(tier: RateTier) -> RateTier | None:
    """The tier that a higher balance would reach; None at the top, and for one that an operator gave."""
    if tier in _BY_FLAG:
        return None
    return min((t for t in _BY_BALANCE if t.least_microcents > tier.least_microcents), key=_least, default=None)


def _least(tier: RateTier) -> int:
    return tier.least_microcents
