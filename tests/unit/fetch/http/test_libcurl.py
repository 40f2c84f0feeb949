import pytest

from alterlab_server.fetch.http import failures
from alterlab_server.fetch.http.libcurl import failure
from alterlab_server.fetch.http.receiver import ResponseReceiver
from alterlab_server.fetch.outcome import Failure

TIMED_OUT, NO_NAME, NO_PROXY_NAME = 28, 6, 5


@pytest.mark.parametrize(
    ("code", "connected", "meaning"),
    [
        (TIMED_OUT, True, failures.TIMED_OUT),
        (TIMED_OUT, False, failures.NO_CONNECTION),
        (NO_NAME, False, failures.NO_NAME),
        (NO_PROXY_NAME, False, failures.NO_NAME),
    ],
)
def test_what_a_code_means(code: int, connected: bool, meaning: Failure) -> None:
    assert failure(code, ResponseReceiver(1), connected=connected) is meaning
