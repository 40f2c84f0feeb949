"""What is learnt of a host: which tiers work there, how often, and what an answer may say of it. Values in, values out.

Experience fades with time and is capped, so that a host that changes is learnt anew within days, and the memory of
one host stays a few numbers however often it is fetched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Self

from alterlab_server.fetch.outcome import Attempt, Verdict
from alterlab_server.fetch.tier import TIERS

HALF_LIFE_SECONDS = 7 * 24 * 3600.0
"""After a week an experience counts half: sites change their defences in weeks, not in hours."""

MAX_WEIGHT = 20.0
"""No record weighs more than so many attempts, else a change would take as long to learn as the past took to gather."""

_LATELY_SECONDS = 60.0
# Two, three and ten attempts: what was counted a moment ago has faded a little.
_KNOWN_WEIGHT = 1.9
_MEDIUM_WEIGHT = 2.9
_HIGH_WEIGHT = 9.5
_WORKS = 0.5
_WORKS_SURELY = 0.8
_BLOCKED, _LOADED = "blocked", "loaded"

TELLING = frozenset(
    (
        Verdict.BLOCKED,
        Verdict.CHALLENGE,
        Verdict.CAPTCHA,
        Verdict.NEEDS_JAVASCRIPT,
        Verdict.CONSENT_WALL,
        Verdict.THIN,
        Verdict.EMPTY,
        Verdict.CUT,
        Verdict.NETWORK_ERROR,
        Verdict.REDIRECT_LOOP,
        Verdict.TIMEOUT,
    )
)
"""Failures that say something of the tier on this host; the others say it of the page, the name or the moment."""


@dataclass(frozen=True, slots=True)
class Record:
    """Attempts and successes, each fading with age."""

    attempts: float = 0.0
    successes: float = 0.0

    @property
    def rate(self) -> float:
        """The part of the attempts that succeeded, 0 to 1."""
        return self.successes / self.attempts if self.attempts else 0.0

    def faded(self, factor: float) -> Self:
        """The record as it counts after some time."""
        return type(self)(self.attempts * factor, self.successes * factor)

    def plus(self, *, success: bool) -> Self:
        """The record with one more attempt, within MAX_WEIGHT."""
        grown = type(self)(self.attempts + 1, self.successes + success)
        return grown.faded(min(1.0, MAX_WEIGHT / grown.attempts))


@dataclass(frozen=True, slots=True)
class HostMemory:
    """The records of one host by tier name, those of full pages without images and with them (`blocked`, `loaded`),
    that of whole climbs, and when they were last touched (epoch seconds).
    """

    tiers: Mapping[str, Record] = field(default_factory=dict)
    images: Mapping[str, Record] = field(default_factory=dict)
    climbs: Record = Record()
    updated_at: float = 0.0

    def at(self, now: float) -> Self:
        """The memory as it counts at `now`."""
        if now <= self.updated_at:
            return self
        factor = 0.5 ** ((now - self.updated_at) / HALF_LIFE_SECONDS)
        tiers = {name: record.faded(factor) for name, record in self.tiers.items()}
        images = {name: record.faded(factor) for name, record in self.images.items()}
        return type(self)(tiers, images, self.climbs.faded(factor), now)

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads."""
        return {
            "tiers": {name: [record.attempts, record.successes] for name, record in self.tiers.items()},
            "images": {name: [record.attempts, record.successes] for name, record in self.images.items()},
            "climbs": [self.climbs.attempts, self.climbs.successes],
            "updated_at": self.updated_at,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The memory that `to_json` gave."""
        tiers = {name: Record(*pair) for name, pair in data["tiers"].items()}
        images = {name: Record(*pair) for name, pair in data.get("images", {}).items()}
        return cls(tiers, images, Record(*data["climbs"]), data["updated_at"])


@dataclass(frozen=True, slots=True)
class Forecast:
    """The tier that will probably be needed; `confidence` is low, medium or high, `reasoning` one sentence."""

    tier: str
    confidence: str
    reasoning: str


def teaches(memory: HostMemory | None, attempts: Sequence[Attempt], now: float) -> bool:
    """Whether a climb is worth writing down: not one more success on a host that is known well and lately."""
    if memory is None or len(attempts) != 1 or not attempts[0].judgement.good:
        return bool(attempts)
    record = memory.tiers.get(attempts[0].tier, Record())
    known_well = record.attempts >= MAX_WEIGHT - 1 and record.rate >= _WORKS_SURELY
    return not known_well or now - memory.updated_at > _LATELY_SECONDS


def learn(memory: HostMemory | None, attempts: Sequence[Attempt], now: float) -> HostMemory:
    """The memory after one more climb with these attempts."""
    current = (memory or HostMemory(updated_at=now)).at(now)
    tiers, images = dict(current.tiers), dict(current.images)
    telling = [attempt for attempt in attempts if attempt.judgement.good or attempt.judgement.verdict in TELLING]
    tried = [attempt for attempt in telling if attempt.result != "skipped"]
    for attempt in tried:
        tiers[attempt.tier] = tiers.get(attempt.tier, Record()).plus(success=attempt.judgement.good)
        if attempt.images_blocked is not None:
            name = _BLOCKED if attempt.images_blocked else _LOADED
            images[name] = images.get(name, Record()).plus(success=attempt.judgement.good)
    climbs = current.climbs.plus(success=tried[-1].judgement.good) if tried else current.climbs
    return replace(current, tiers=tiers, images=images, climbs=climbs)


def first_tier(memory: HostMemory, names: Sequence[str], now: float) -> str | None:
    """The cheapest of the tiers `names` (in order) that is known to work mostly, when the first is known to fail.

    None otherwise: a host is not called hard for want of trying.
    """
    tiers = memory.at(now).tiers
    known = [(name, record) for name in names if (record := tiers.get(name)) and record.attempts >= _KNOWN_WEIGHT]
    if not known or known[0][0] != names[0]:
        return None
    return next((name for name, record in known if record.rate >= _WORKS), None)


def blocks_images(memory: HostMemory | None, now: float) -> bool:
    """Whether full pages of this host are rendered without images when the caller does not say: yes, unless that is
    known to fail there, and loading them is not known to fail as often.
    """
    images = memory.at(now).images if memory else {}
    without, loaded = images.get(_BLOCKED, Record()), images.get(_LOADED, Record())
    fails = without.attempts >= _KNOWN_WEIGHT and without.rate < _WORKS
    return not fails or (loaded.attempts >= _KNOWN_WEIGHT and loaded.rate <= without.rate)


def forecast(memory: HostMemory | None, names: Sequence[str], now: float) -> Forecast:
    """Which of the planned tiers `names` (in order, at least one) will probably bring the page."""
    if len(names) == 1:
        return Forecast(names[0], "high", f"Only tier {names[0]} may be used for this request.")
    tiers = memory.at(now).tiers if memory else {}
    known = [(name, tiers[name]) for name in names if name in tiers and tiers[name].attempts >= _KNOWN_WEIGHT]
    working = next(((name, record) for name, record in known if record.rate >= _WORKS), None)
    if working is None:
        if known:
            return Forecast(names[-1], "low", "No tier that was tried on this host lately brought a page.")
        return Forecast(names[0], "low", "Nothing is known of this host yet, so the climb starts at its first tier.")
    name, record = working
    seen = f"tier {name} brought {record.rate:.0%} of about {record.attempts:.0f} recent pages of this host"
    if record.attempts >= _HIGH_WEIGHT and record.rate >= _WORKS_SURELY:
        return Forecast(name, "high", f"Known host: {seen}.")
    confidence = "medium" if record.attempts >= _MEDIUM_WEIGHT else "low"
    return Forecast(name, confidence, f"Little is known of this host: {seen}.")


def domain_difficulty(memory: HostMemory | None, now: float, *, override_active: bool) -> dict[str, Any] | None:
    """The API's `domain_difficulty`; `override_active` says whether this memory chose the first tier."""
    if memory is None or not memory.climbs.attempts:
        return None
    climbs = memory.at(now).climbs
    return {
        "success_rate": round(climbs.rate, 3),
        "total_attempts": round(climbs.attempts),
        "override_active": override_active,
    }


def domain_warning(memory: HostMemory | None, now: float) -> str | None:
    """The API's `domain_warning`: a sentence when pages of this host were mostly not to be had lately."""
    climbs = memory.at(now).climbs if memory else Record()
    if climbs.attempts < _MEDIUM_WEIGHT or climbs.rate >= _WORKS:
        return None
    return f"Only {climbs.rate:.0%} of the recent requests to this host succeeded."


def tier_cap_warning(
    memory: HostMemory | None, now: float, max_tier: str | None, force_tier: str | None
) -> dict[str, str] | None:
    """The API's `tier_cap_warning`: set when the caller's cap lies below what this host is known to need."""
    needed = first_tier(memory, [row.name for row in TIERS], now) if memory else None
    if needed is None:
        return None
    caps = (("your_force_tier", force_tier), ("your_max_tier", max_tier))
    too_low = {key: cap for key, cap in caps if cap is not None and Decimal(cap) < Decimal(needed)}
    return {"domain_min_tier": needed, **too_low} if too_low else None
