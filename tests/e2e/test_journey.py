"""A scrape through the whole house, and what it costs."""

from tests.e2e.conftest import Client
from tests.site import HostileSite
from tests.support.accounts import Account


async def test_page_comes_back_and_tier_one_is_charged(client: Client, site: HostileSite, account: Account) -> None:
    answer = await client.post("/scrape", json={"url": site.url("/article"), "formats": ["markdown"]})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["status_code"] == 200
    assert body["content"]["markdown"].startswith("# ")
    assert body["billing"]["tier_used"] == "1"
    assert await account.charges() == [200]
    assert await account.balance() == 10_000_000 - 200
