import pytest

from alterlab_server.scrape.options import sync_wait
from alterlab_server.scrape.schemas import ScrapeRequest
from alterlab_server.web.clients import client_named


@pytest.mark.parametrize(
    ("names", "timeout", "seconds"),
    [
        (("", "curl/8.5"), None, 89),
        (("", "curl/8.5"), 1, 1),
        (("", "curl/8.5"), 300, 120),
        # It gives up after 30 seconds, whatever it sends, and sends the request anew; a 202 it polls.
        (("python-sdk/2.1.3", "AlterLab-Python-SDK/2.1.3"), 120, 29),
        (("python-sdk/2.1.3", "AlterLab-Python-SDK/2.1.3"), 10, 9),
        # These take a 202 for the result.
        (("mcp-server/1.8.0", "alterlab-mcp-server/1.8.0"), 10, 120),
        (("", "alterlab-node/2.0.0"), None, 119),
        # It gives up after 120 seconds.
        (("", "AlterLab-Python-SDK/2.0.0"), 300, 119),
        # It polls a job that fails until its own time is up.
        (("", "n8n"), 10, 120),
    ],
)
def test_a_synchronous_call_is_answered_before_its_client_gives_up(
    names: tuple[str, str], timeout: int | None, seconds: int
) -> None:
    request = ScrapeRequest(url="https://example.com/", timeout=timeout)
    assert sync_wait(request, client_named(*names)) == seconds
