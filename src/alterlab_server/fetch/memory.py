"""What is known of a host: which tiers worked there, and how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TierRecord:
    """Attempts and successes of one tier on one host, each fading with age."""

    attempts: float = 0.0
    successes: float = 0.0


@dataclass(frozen=True, slots=True)
class HostMemory:
    """The records of one host by tier name, and when they were last touched (seconds since the epoch)."""

    tiers: Mapping[str, TierRecord] = field(default_factory=dict)
    updated_at: float = 0.0


HALF_LIFE_SECONDS = 7 * 24 * 3600.0
"""After a week an experience counts half: sites change their defences in weeks, not in hours."""

_SURE_ATTEMPTS = 2.0
_WORKS = 0.5


def first_tier(memory: HostMemory, names: Sequence[str], now: float) -> str | None:
    """The cheapest of the tiers `names` (in order) that mostly works there; None when too little is known.

    It is only named when every cheaper one is known to fail mostly: want of trying makes no host hard.
    """
    fade = 0.5 ** (max(0.0, now - memory.updated_at) / HALF_LIFE_SECONDS)
    for name in names:
        record = memory.tiers.get(name)
        if record is None or record.attempts * fade < _SURE_ATTEMPTS:
            return None
        if record.successes / record.attempts >= _WORKS:
            return name
    return None
