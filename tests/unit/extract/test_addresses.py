import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alterlab_server.extract.addresses import Addresses

BASE = "https://example.com/docs/start.html?page=1"
# What addresses are made of, and what makes them special.
PARTS = st.sampled_from(
    "a b.html ab-c x_y . .. %2e %2E%2e / // ? # : ; @ & = + ~ ! $ ( ) * , ' \" < > [ ] { } | \\ ^ ` % %zz é 日 \t \n"
    " \x00 http https http:// https:// ftp:// mailto: javascript: example.com www.example.co.uk EXAMPLE.COM xn--a"
    " xn--nxasmq6b. 127.0.0.1 0x7f.1 [::1] :80 :443 user@ user:pass@ com. -a.com a-.com".split(
        " "
    )  # a tab and a line break too
)


@given(st.lists(PARTS, max_size=9).map("".join), st.sampled_from(["", BASE, "http://a.example:8080/", "ftp://a.b/c/d"]))
def test_every_address_is_what_the_parser_of_the_standard_makes_of_it(href: str, base: str) -> None:
    try:
        expected = ada_url.join_url(base, href.strip()) if base else ada_url.normalize_url(href.strip())
    except ValueError:
        expected = ""
    found = Addresses(base).absolute(href)
    assert found == (expected if expected.startswith(("http://", "https://")) else None)


@pytest.mark.parametrize(
    ("href", "absolute"),
    [
        ("next.html#top", "https://example.com/docs/next.html#top"),
        ("../a%20b", "https://example.com/a%20b"),
        ("/x?y=1", "https://example.com/x?y=1"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        ("#top", "https://example.com/docs/start.html?page=1#top"),
        ("mailto:a@example.com", None),
        ("https://EXAMPLE.org", "https://example.org/"),
    ],
)
def test_links_are_joined_to_the_base(href: str, absolute: str | None) -> None:
    addresses = Addresses(BASE)
    assert addresses.absolute(href) == absolute
    assert addresses.absolute(href) == absolute


def test_a_base_that_is_relative_itself_joins_nothing() -> None:
    addresses = Addresses("/")
    assert addresses.absolute("https://example.com/a%20b/%20c") == "https://example.com/a%20b/%20c"
    assert addresses.absolute("/a") is None
