from alterlab_server.frontier.robots import no_robots, parse_robots, unreachable_robots

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


def test_an_empty_rule_disallows_nothing() -> None:
    assert parse_robots(b"User-agent: *\nDisallow:\nSitemap: https://a.test/map.xml\n").disallowed == ()


def test_garbage_says_nothing() -> None:
    assert parse_robots(b"<html>\x00\xff</html>").allows("https://a.test/x")


def test_none_and_unreachable() -> None:
    assert no_robots().allows("https://a.test/x")
    assert not unreachable_robots().allows("https://a.test/x")
