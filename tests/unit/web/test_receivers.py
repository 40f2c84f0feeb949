from ipaddress import ip_network

import pytest

from alterlab_server.base.errors import InvalidUrl, UrlNotAllowed
from alterlab_server.web.receivers import ReceiverPolicy

OWN = ReceiverPolicy([ip_network("127.0.0.0/8")])


@pytest.mark.parametrize(
    ("given", "normalised"),
    [
        ("https://8.8.8.8/hook#top", "https://8.8.8.8/hook"),
        ("http://127.0.0.1:9000/hook", "http://127.0.0.1:9000/hook"),
        ("http://localhost:9000/hook", "http://localhost:9000/hook"),
        ("https://not-resolvable.invalid/hook", "https://not-resolvable.invalid/hook"),
    ],
)
async def test_admits_https_and_the_allowed_networks(given: str, normalised: str) -> None:
    assert await OWN.check(given, "webhook_url") == normalised


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("no url", InvalidUrl),
        ("ftp://8.8.8.8/", InvalidUrl),
        ("http://8.8.8.8/hook", UrlNotAllowed),
        ("https://10.0.0.1/hook", UrlNotAllowed),
        ("https://[::ffff:169.254.169.254]/", UrlNotAllowed),
        ("http://not-resolvable.invalid/hook", UrlNotAllowed),
    ],
)
async def test_refuses_plain_http_and_closed_networks(url: str, error: type[InvalidUrl | UrlNotAllowed]) -> None:
    with pytest.raises(error) as caught:
        await OWN.check(url, "webhook_url")
    assert caught.value.details == {"field": "webhook_url"}


async def test_this_machine_is_closed_unless_it_is_allowed() -> None:
    with pytest.raises(UrlNotAllowed):
        await ReceiverPolicy([]).check("http://localhost/hook", "url")
