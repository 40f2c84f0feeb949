"""What is said of an attempt that gets no answer."""

from uuid import uuid4

from alterlab_server.base.clock import utc_now
from alterlab_server.fetch.http.failures import TIMED_OUT
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.webhooks.schemas import Message
from alterlab_server.webhooks.sender import MAX_ANSWER_BYTES, Sender


class Silent:
    """A tier whose hosts never answer; notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[FetchRequest] = []

    async def fetch(self, request: FetchRequest, deadline: float) -> Failure:
        self.asked.append(request)
        return TIMED_OUT

    async def close(self) -> None:
        return None


async def test_a_receiver_that_does_not_answer_is_called_by_its_name() -> None:
    message = Message(uuid4(), "webhook.test", "https://example.com/hook", None, b"{}")
    tier = Silent()
    attempt = await Sender(tier, utc_now).send(message)
    assert (attempt.status_code, attempt.error) == (None, "The receiver did not answer within 10 seconds.")
    (asked,) = tier.asked
    assert (asked.max_bytes, asked.follow_redirects) == (MAX_ANSWER_BYTES, False), "nobody reads a long answer"
