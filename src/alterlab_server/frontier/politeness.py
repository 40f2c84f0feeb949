"""When the next request to a host may be sent. Arithmetic on a slot that all crawls and workers share.

Times are seconds since the epoch, intervals seconds.
"""

from dataclasses import dataclass, replace

# After a 429 without a Retry-After header.
FIRST_PENALTY = 1.0
LONGEST_PENALTY = 60.0
# A penalty halves in this time, so that a host that recovers is not asked slowly for ever.
PENALTY_HALF_LIFE = 60.0
# Below this a penalty is over.
LEAST_PENALTY = 0.05
# A host cannot send a crawler away for longer, by Retry-After or a crawl-delay: its crawls would sit there until they
# expire, and its slot outlives its mistake.
LONGEST_SILENCE = 3600.0


@dataclass(frozen=True, slots=True)
class HostSlot:
    """`next_at`: the earliest time of the next request; `penalty`: the interval that a 429 has set at `slowed_at`."""

    next_at: float = 0.0
    penalty: float = 0.0
    slowed_at: float = 0.0

    def interval(self, now: float, least: float) -> float:
        """Seconds between two requests: what robots.txt or the caller ask for (`least`), or the rest of a penalty."""
        left = self.penalty * 0.5 ** (max(0.0, now - self.slowed_at) / PENALTY_HALF_LIFE)
        return min(LONGEST_SILENCE, max(least, left if left >= LEAST_PENALTY else 0.0))

    def holds(self, now: float) -> bool:
        """Whether a request that wants no interval must wait."""
        return self.next_at > now or self.interval(now, 0.0) > 0

    def reserved(self, now: float, least: float) -> tuple[float, "HostSlot"]:
        """The time of the next request, and the slot after it."""
        at = max(now, self.next_at)
        return at, replace(self, next_at=at + self.interval(at, least))

    def slowed(self, now: float, least: float, sent_at: float, retry_after: float | None) -> "HostSlot":
        """The slot after a 429 or a 503: twice as slow, and silent for as long as the host asks.

        Requests that were under way together are refused together: one `sent_at` a time before the last refusal makes
        it no slower again.
        """
        factor = 1 if sent_at < self.slowed_at else 2
        penalty = min(LONGEST_PENALTY, max(FIRST_PENALTY, factor * self.interval(now, least)))
        silent = penalty if retry_after is None else min(LONGEST_SILENCE, max(0.0, retry_after))
        return HostSlot(max(self.next_at, now + silent), penalty, now)
