"""What is said of an attempt that gets no answer."""

from uuid import uuid4

from alterlab_server.base.clock import utc_now
from alterlab_server.fetch.http.failures import TIMED_OUT
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.webhooks.schemas import Message
from alterlab_server.webhooks.sender import Sender


class Silent:
    """A tier whose hosts never answer."""

    async def fetch(self, request: FetchRequest, deadline: float) -> Failure:
        return TIMED_OUT

    async def close(self) -> None:
        return None


async def test_a_receiver_that_does_not_answer_is_called_by_its_name() -> None:
    message = Message(uuid4(), "webhook.test", "https://example.com/hook", None, b"{}")
    attempt = await Sender(Silent(), utc_now).send(message)
    assert (attempt.status_code, attempt.error) == (None, "The receiver did not answer within 10 seconds.")
