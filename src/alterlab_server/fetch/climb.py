"""The climb: try tiers in order, judge what each brings, stop at the first good page."""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum

from alterlab_server.base.page import Page
from alterlab_server.fetch.judge import judge
from alterlab_server.fetch.outcome import Attempt, ClimbResult, Failure, Judgement, Verdict
from alterlab_server.fetch.plan import Plan
from alterlab_server.fetch.request import NOT_IDEMPOTENT, FetchRequest
from alterlab_server.fetch.tier import Tier, TierRow


class Then(StrEnum):
    """What the climb does after a verdict."""

    STOP = "stop"
    NEXT = "next"
    RENDER = "render"


AFTER: Mapping[Verdict, Then] = {
    Verdict.GOOD: Then.STOP,
    Verdict.BLOCKED: Then.NEXT,
    Verdict.CHALLENGE: Then.NEXT,
    Verdict.CAPTCHA: Then.NEXT,
    Verdict.RATE_LIMITED: Then.STOP,  # asking again with a dearer tier would be the opposite of slowing down
    Verdict.NEEDS_JAVASCRIPT: Then.RENDER,
    Verdict.LOGIN_REQUIRED: Then.STOP,
    Verdict.PAYWALL: Then.STOP,
    Verdict.CONSENT_WALL: Then.RENDER,
    Verdict.NOT_FOUND: Then.STOP,
    Verdict.THIN: Then.RENDER,
    Verdict.EMPTY: Then.NEXT,
    Verdict.CUT: Then.NEXT,
    Verdict.WRONG_TYPE: Then.STOP,
    Verdict.TOO_LARGE: Then.STOP,
    Verdict.SERVER_ERROR: Then.NEXT,
    Verdict.REJECTED: Then.STOP,
    Verdict.REFUSED: Then.STOP,
    Verdict.REDIRECT_LOOP: Then.NEXT,
    Verdict.DNS_ERROR: Then.STOP,
    Verdict.UNREACHABLE: Then.STOP,
    Verdict.TLS_ERROR: Then.STOP,
    Verdict.NETWORK_ERROR: Then.NEXT,
    Verdict.TIMEOUT: Then.NEXT,
    Verdict.NOT_AVAILABLE: Then.NEXT,
}
"""What each verdict means for the climb: a dearer tier helps against some, a browser against others, nothing against
the rest."""

_MAY_HAVE_ACTED = frozenset({Verdict.SERVER_ERROR, Verdict.NETWORK_ERROR, Verdict.CUT, Verdict.TIMEOUT})
"""After these nobody knows whether the target did what it was asked; what is not idempotent is not sent to it again."""

_SHARE_OF_REST = 0.5
"""A tier that is not the last must leave this part of the time, so that one that hangs does not use all of it."""


async def climb(
    request: FetchRequest,
    plan: Plan,
    tiers: Mapping[str, Tier],
    deadline: float,
    on_attempt: Callable[[Attempt], None] | None = None,
) -> ClimbResult:
    """Fetch `request` with the tiers of `plan` until one brings a good page or `deadline` (loop clock) comes.

    `on_attempt` hears of every attempt as it ends. Cancelling the climb cancels the running attempt.
    """
    ascent = _Ascent(request, plan, tiers, deadline, on_attempt)
    return await ascent.run()


class _Ascent:
    def __init__(
        self,
        request: FetchRequest,
        plan: Plan,
        tiers: Mapping[str, Tier],
        deadline: float,
        on_attempt: Callable[[Attempt], None] | None,
    ) -> None:
        self._request = request
        self._plan = plan
        self._tiers = tiers
        self._now = asyncio.get_running_loop().time
        budget = plan.time_budget
        self._has_budget = budget is not None
        spent_at = deadline if budget is None else self._now() + budget
        self._deadline, self._budget_decides = min(deadline, spent_at), spent_at < deadline
        self._on_attempt = on_attempt
        self._attempts: list[Attempt] = []
        self._budget_expired = False

    async def run(self) -> ClimbResult:
        judgement = Judgement(Verdict.NOT_AVAILABLE, "No tier may be tried for this request.")
        must_render = tried = False
        rows = self._plan.rows
        for index, row in enumerate(rows):
            if must_render and not row.renders:
                self._record(_skipped(row, Verdict.NEEDS_JAVASCRIPT, "A browser is needed."))
                continue
            left = self._deadline - self._now()
            if left <= 0 or (self._has_budget and self._attempts and left < row.least_seconds):
                self._budget_expired = self._has_budget
                skipped = _skipped(row, Verdict.TIMEOUT, f"{max(left, 0):.1f} s are too little for this tier.")
                self._record(skipped)
                judgement = judgement if tried else skipped.judgement
                continue
            last = index == len(rows) - 1 or self._request.method in NOT_IDEMPOTENT
            kept = 0.0 if last else left * _SHARE_OF_REST
            page, judgement = await self._attempt(row, self._deadline - kept)
            tried = True
            if judgement.good:
                return self._result(page, judgement)
            then = self._after(judgement.verdict)
            must_render = must_render or then is Then.RENDER
            if then is Then.STOP:
                return self._result(None, judgement)
        return self._result(None, judgement, self._plan.notes(rendering=must_render))

    def _after(self, verdict: Verdict) -> Then:
        if self._request.method in NOT_IDEMPOTENT and verdict in _MAY_HAVE_ACTED:
            return Then.STOP
        return AFTER[verdict]

    async def _attempt(self, row: TierRow, deadline: float) -> tuple[Page | None, Judgement]:
        started = self._now()
        outcome = await self._tiers[row.name].fetch(self._request, deadline)
        if isinstance(outcome, Failure):
            page, judgement = None, Judgement(outcome.verdict, outcome.reason)
        else:
            page, judgement = outcome, judge(outcome, self._request, self._plan.mode)
        self._record(
            Attempt(
                tier=row.name,
                result="success" if judgement.good else "failed",
                judgement=judgement,
                duration_ms=round((self._now() - started) * 1000),
                status_code=page.status if page else None,
                images_blocked=self._request.browser.images_blocked if row.full_page else None,
            )
        )
        return page, judgement

    def _record(self, attempt: Attempt) -> None:
        self._attempts.append(attempt)
        if self._on_attempt is not None:
            self._on_attempt(attempt)

    def _result(self, page: Page | None, judgement: Judgement, notes: Mapping[str, str] | None = None) -> ClimbResult:
        out_of_time = page is None and judgement.verdict is Verdict.TIMEOUT and self._budget_decides
        return ClimbResult(
            page=page,
            judgement=judgement,
            attempts=tuple(self._attempts),
            time_budget_expired=self._budget_expired or out_of_time,
            notes=notes,
        )


def _skipped(row: TierRow, verdict: Verdict, reason: str) -> Attempt:
    return Attempt(row.name, "skipped", Judgement(verdict, reason))
