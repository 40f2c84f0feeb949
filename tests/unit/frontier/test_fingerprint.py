import pytest
from hypothesis import given
from hypothesis import strategies as st

from alterlab_server.base.url import parse_url
from alterlab_server.frontier.fingerprint import canonical, fingerprint

SAME = [
    ("https://a.test/x?utm_source=n&id=3", "https://a.test/x?id=3"),
    ("https://a.test/x?gclid=abc", "https://a.test/x"),
    ("https://a.test/x#top", "https://a.test/x"),
    ("https://a.test/x?b=2&a=1", "https://a.test/x?a=1&b=2"),
    ("https://a.test/x;jsessionid=0F3A?id=1", "https://a.test/x?id=1"),
    ("https://a.test/(S(lit3py55))/cart.aspx", "https://a.test/cart.aspx"),
    ("https://a.test/x?PHPSESSID=9a8b", "https://a.test/x"),
    ("https://a.test/x?sid=0123456789abcdef0123", "https://a.test/x"),
    ("https://a.test/%7euser/%c3%a4", "https://a.test/~user/%C3%A4"),
    ("https://a.test/x?", "https://a.test/x"),
    ("https://a.test:443/x", "https://a.test/x"),
    ("HTTPS://A.test/x", "https://a.test/x"),
]
DIFFERENT = [
    ("https://a.test/x?id=1", "https://a.test/x?id=2"),
    ("https://a.test/x", "https://a.test/x/"),
    ("https://a.test/x?sid=3", "https://a.test/x?sid=4"),
    ("https://a.test/a%2Fb", "https://a.test/a/b"),
    ("https://a.test/x?t=1&t=2", "https://a.test/x?t=2&t=1"),
    ("http://a.test/x", "https://a.test/x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_page(one: str, other: str) -> None:
    assert fingerprint(parse_url(one).href) == fingerprint(parse_url(other).href)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages(one: str, other: str) -> None:
    assert fingerprint(parse_url(one).href) != fingerprint(parse_url(other).href)


_part = st.text("abcdef%?=&;#/()0123456789-~äß .", max_size=40)


@given(_part, _part)
def test_the_canonical_form_is_its_own(path: str, query: str) -> None:
    once = canonical(parse_url(f"http://a.test/{path}?{query}").href)
    assert canonical(parse_url(once).href) == once


@given(_part)
def test_the_fingerprint_fits_a_bigint(path: str) -> None:
    assert -(2**63) <= fingerprint(parse_url(f"http://a.test/{path}").href) < 2**63
