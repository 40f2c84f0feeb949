"""One attempt to deliver: signed, through the egress gate, bounded in time and in what is read."""

import asyncio

from alterlab_server.base.clock import Clock
from alterlab_server.base.page import Page
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.tier import Tier
from alterlab_server.webhooks.schemas import Attempt, Message
from alterlab_server.webhooks.signing import signature_headers

ATTEMPT_SECONDS = 10.0
# Nobody reads the answer; some of it is taken so that the connection can be used again.
MAX_ANSWER_BYTES = 16_384
_TOO_SLOW = f"The receiver did not answer within {ATTEMPT_SECONDS:.0f} seconds."
USER_AGENT = "AlterLab-Webhooks/1.0"


class Sender:
    """Sends messages by way of an HTTP tier, which judges and pins every connection."""

    def __init__(self, tier: Tier, clock: Clock) -> None:
        self._tier = tier
        self._clock = clock

    async def send(self, message: Message) -> Attempt:
        """Send once. A receiver that cannot be reached, or answers other than 2xx, is an attempt with an error."""
        loop = asyncio.get_running_loop()
        started_at, started = self._clock(), loop.time()
        request = FetchRequest(
            message.url,
            method="POST",
            headers=self._headers(message, int(started_at.timestamp())),
            body=message.body,
            max_bytes=MAX_ANSWER_BYTES,
            follow_redirects=False,
        )
        answer = await self._tier.fetch(request, started + ATTEMPT_SECONDS)
        return Attempt(
            started_at=started_at,
            duration_ms=round((loop.time() - started) * 1000),
            status_code=answer.status if isinstance(answer, Page) else None,
            error=_error(answer),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._tier.close()

    def _headers(self, message: Message, timestamp: int) -> dict[str, str]:
        """The caller's own headers, and ours, which they cannot replace."""
        ours = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "X-AlterLab-Event": message.event,
            **signature_headers(message.secret, str(message.id), timestamp, message.body),
        }
        taken = {name.lower() for name in ours}
        return {name: value for name, value in message.headers.items() if name.lower() not in taken} | ours


def _error(answer: Page | Failure) -> str | None:
    if isinstance(answer, Failure):
        return _TOO_SLOW if answer.verdict is Verdict.TIMEOUT else answer.reason
    return None if 200 <= answer.status < 300 else f"The receiver answered {answer.status}."
