from datetime import UTC, datetime

import pytest

from alterlab_server.base.url import parse_url
from alterlab_server.fetch.http.cookies import MAX_COOKIES, CookieJar

SHOP = parse_url("https://www.shop.example/cart/items?page=2")


def jar(*set_cookies: str) -> CookieJar:
    made = CookieJar(SHOP, {})
    for text in set_cookies:
        made.store(SHOP, text, datetime(2025, 1, 1, tzinfo=UTC))
    return made


SENT = [
    ("a=1", "https://www.shop.example/cart/x", True),
    ("a=1", "https://www.shop.example/cart", True),
    ("a=1", "https://www.shop.example/cartoon", False),
    ("a=1", "https://www.shop.example/", False),
    ("a=1; Path=/", "https://www.shop.example/", True),
    ("a=1; Path=/", "https://shop.example/", False),
    ("a=1; Path=/; Domain=shop.example", "https://other.shop.example/", True),
    ("a=1; Path=/; Domain=.shop.example", "https://shop.example/", True),
    ("a=1; Path=/; Domain=shop.example", "https://notshop.example/", False),
    ("a=1; Path=/; Domain=evil.example", "https://evil.example/", False),
    ("a=1; Path=/", "http://www.shop.example/", True),
    ("a=1; Path=/; Secure", "http://www.shop.example/", False),
    ("a=1; Path=/; Max-Age=0", "https://www.shop.example/", False),
    ("a=1; Path=/; Max-Age=-5", "https://www.shop.example/", False),
    ("a=1; Path=/; Expires=Wed, 01 Jan 2020 00:00:00 GMT", "https://www.shop.example/", False),
    ("a=1; Path=/; Expires=Wed, 01 Jan 2031 00:00:00 GMT", "https://www.shop.example/", True),
    ("a=1; Path=/; Expires=nonsense", "https://www.shop.example/", True),
    ("a=1; Path=/; Expires=01 Jan 9999999999 00:00:00", "https://www.shop.example/", True),
    (f"a=1; Path=/; Max-Age={'9' * 5_000}", "https://www.shop.example/", True),
    ("nonsense", "https://www.shop.example/cart/", False),
]


@pytest.mark.parametrize(("set_cookie", "url", "sent"), SENT)
def test_who_gets_a_cookie(set_cookie: str, url: str, sent: bool) -> None:
    assert jar(set_cookie).header(parse_url(url)) == ("a=1" if sent else None)


def test_longer_path_wins_and_a_past_date_deletes() -> None:
    made = jar("a=root; Path=/", "a=cart; Path=/cart", "b=2; Path=/")
    assert made.header(SHOP) == "a=cart; b=2"
    made.store(SHOP, "b=; Path=/; Max-Age=0")
    assert made.header(SHOP) == "a=cart"


def test_longer_paths_come_first_and_what_was_set_on_the_way_is_newer_than_what_was_given() -> None:
    made = CookieJar(SHOP, {"given": "1", "a": "old"})
    for text in ("a=new; Path=/", "b=2; Path=/cart", "=3", f"c={'=' * 9}; Path=/cart/items"):
        made.store(SHOP, text)
    assert made.header(SHOP) == "c==========; b=2; a=new; given=1"


def test_a_site_sets_a_hundred_cookies_at_most() -> None:
    made = jar(*(f"{number}=1" for number in range(MAX_COOKIES + 1)))
    assert len(made.values()) == 100


def test_given_cookies_stay_with_their_origin() -> None:
    made = CookieJar(SHOP, {"token": "secret"})
    assert made.header(SHOP) == "token=secret"
    assert made.header(parse_url("http://www.shop.example/cart/items")) is None
    assert made.values() == {}


@pytest.mark.parametrize(
    ("first", "then", "sent"),
    [
        ("http://shop.example/", "https://shop.example/account", True),
        ("http://shop.example/", "https://shop.example:8443/", False),
        ("http://shop.example:8080/", "https://shop.example/", False),
        ("http://shop.example/", "https://www.shop.example/", False),
    ],
)
def test_given_cookies_follow_a_host_to_https(first: str, then: str, *, sent: bool) -> None:
    made = CookieJar(parse_url(first), {"token": "secret"})
    assert made.header(parse_url(then)) == ("token=secret" if sent else None)
