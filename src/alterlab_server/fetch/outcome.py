"""How an attempt, and a whole climb, ended. Outcomes are values; none of them is raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alterlab_server.base.page import Page


class Verdict(StrEnum):
    """What became of one attempt."""

    GOOD = "good"
    BLOCKED = "blocked"
    CHALLENGE = "challenge"
    CAPTCHA = "captcha"
    RATE_LIMITED = "rate_limited"
    NEEDS_JAVASCRIPT = "needs_javascript"
    LOGIN_REQUIRED = "login_required"
    PAYWALL = "paywall"
    CONSENT_WALL = "consent_wall"
    NOT_FOUND = "not_found"
    THIN = "thin"
    EMPTY = "empty"
    CUT = "cut"
    WRONG_TYPE = "wrong_type"
    TOO_LARGE = "too_large"
    SERVER_ERROR = "server_error"
    REJECTED = "rejected"
    REFUSED = "refused"
    REDIRECT_LOOP = "redirect_loop"
    DNS_ERROR = "dns_error"
    UNREACHABLE = "unreachable"
    TLS_ERROR = "tls_error"
    NETWORK_ERROR = "network_error"
    TIMEOUT = "timeout"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the sentence that explains it, and who blocked or how long to wait where that is known."""

    verdict: Verdict
    reason: str = ""
    vendor: str | None = None
    retry_after: float | None = None

    @property
    def good(self) -> bool:
        """True when the page is what the caller asked for."""
        return self.verdict is Verdict.GOOD


@dataclass(frozen=True, slots=True)
class Failure:
    """A fetch that brought back no page: a verdict of the network kind and one sentence."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of `billing.escalations`: tier name ("1" … "5"), what came of it, and how long it took.

    `result` is success, failed or skipped; `images_blocked` is None where the tier has no choice.
    """

    tier: str
    result: str
    judgement: Judgement
    duration_ms: int = 0
    status_code: int | None = None
    images_blocked: bool | None = None


def last_tried(attempts: Sequence[Attempt]) -> Attempt | None:
    """The last attempt that was made; tiers that were skipped came to nothing of their own."""
    return next((attempt for attempt in reversed(attempts) if attempt.result != "skipped"), None)


@dataclass(frozen=True, slots=True)
class ClimbResult:
    """The page, when one was good, and every attempt on the way.

    `notes` are machine-readable hints for the answer (such as the tier that would be needed).
    """

    page: Page | None
    judgement: Judgement
    attempts: tuple[Attempt, ...]
    time_budget_expired: bool = False
    notes: Mapping[str, Any] | None = None
