from typing import Any

import pytest

from alterlab_server.scrape.controls import fetch_request
from alterlab_server.scrape.schemas import ScrapeRequest

URL = "https://example.com/"


@pytest.mark.parametrize(
    ("given", "waited_for"),
    [
        ({}, "networkidle"),
        ({"wait_until": "load"}, "load"),
        ({"advanced": {"wait_condition": "load"}}, "load"),
        # The Python clients send both, the one that was not given with its default.
        ({"wait_until": "load", "advanced": {"wait_condition": "networkidle"}}, "load"),
        ({"wait_until": "networkidle", "advanced": {"wait_condition": "domcontentloaded"}}, "domcontentloaded"),
    ],
)
def test_what_a_browser_waits_for_is_what_the_caller_chose(given: dict[str, Any], waited_for: str) -> None:
    request = ScrapeRequest.model_validate({"url": URL, **given})
    assert fetch_request(request, URL, None, block_images=False, owner="").browser.wait_until == waited_for
