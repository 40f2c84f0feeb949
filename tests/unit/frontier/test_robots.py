import pytest

from alterlab_server.frontier.robots import forbids_following, no_robots, parse_robots, unreachable_robots

BODY = b"""\xef\xbb\xbfUser-agent: *
Disallow: /private/
Allow: /private/open$
Crawl-delay: 2

User-agent: Other
Disallow: /

Sitemap: https://a.test/map.xml
Sitemap: https://a.test/map.xml
"""


def test_rules_delay_and_sitemaps() -> None:
    robots = parse_robots(BODY)
    assert robots.allows("https://a.test/x")
    assert not robots.allows("https://a.test/private/x")
    assert robots.allows("https://a.test/private/open")
    assert robots.delay == 2.0
    assert robots.sitemaps == ("https://a.test/map.xml",)
    assert robots.disallowed == ("/private/",)


def test_a_group_of_our_own_comes_first() -> None:
    robots = parse_robots(b"User-agent: alterlab\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n")
    assert not robots.allows("https://a.test/a")
    assert robots.allows("https://a.test/b")
    assert robots.disallowed == ("/a",)


@pytest.mark.parametrize("named", ["User-agent: Alter*lab", "useragent: ALTERLAB # us", "User agent alterlab"])
def test_other_agents_change_nothing_for_us(named: str) -> None:
    robots = parse_robots(f"User-agent: x\n{named}\nDisallow: /a\n\nUser-agent: y\nDisallow: /b\n".encode())
    assert not robots.allows("https://a.test/a")
    assert robots.allows("https://a.test/b")


def test_thousands_of_agents_cost_no_more_than_one() -> None:
    agents = "".join(f"User-agent: alterlab{n}\nuser  agent a{'*' * (n % 50)}{n}\n" for n in range(6_000))
    rules = "".join(f"Disallow: /{n}\n" for n in range(16_000))
    robots = parse_robots(f"{agents}User-agent: *\n{rules}".encode())
    assert not robots.allows("https://a.test/9")
    assert robots.disallowed[:2] == ("/0", "/1")


def test_an_empty_rule_disallows_nothing() -> None:
    assert parse_robots(b"User-agent: *\nDisallow:\nSitemap: https://a.test/map.xml\n").disallowed == ()


def test_garbage_says_nothing() -> None:
    assert parse_robots(b"<html>\x00\xff</html>").allows("https://a.test/x")


def test_none_and_unreachable() -> None:
    assert no_robots().allows("https://a.test/x")
    assert not unreachable_robots().allows("https://a.test/x")


@pytest.mark.parametrize(
    ("directives", "forbidden"),
    [
        ("nofollow", True),
        ("noindex, NoFollow", True),
        ("none", True),
        ("index,follow", False),
        ("", False),
        ("nofollows", False),
    ],
)
def test_a_page_may_ask_that_its_links_are_not_followed(directives: str, forbidden: bool) -> None:
    assert forbids_following({"robots": directives}, {}) is forbidden


@pytest.mark.parametrize(
    ("header", "forbidden"),
    [
        ("NoFollow", True),
        ("noindex, none", True),
        ("alterlab: nofollow", True),
        ("AlterLab : noindex, nofollow", True),
        ("otherbot: noindex, nofollow", False),
        ("otherbot: noindex, alterlab: nofollow", True),
        ("*: nofollow", True),
        ("unavailable_after: Sat, 25 Jun 2030 15:00:00 GMT, nofollow", True),
        ("otherbot: max-snippet: 20, nofollow", False),
        ("max-image-preview: none, noindex", False),
        ("nofollows", False),
        (": ," * 100_000, False),
        ("a" * 100_000, False),
    ],
    ids=lambda value: str(value)[:60],
)
def test_so_may_its_header(header: str, forbidden: bool) -> None:
    assert forbids_following({}, {"x-robots-tag": header}) is forbidden
