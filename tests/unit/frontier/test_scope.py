import pytest

from alterlab_server.frontier.scope import Scope, registrable_domain

START = "https://shop.example.co.uk/de/"


@pytest.mark.parametrize(
    ("scope", "href", "refusal"),
    [
        (Scope(START), "https://shop.example.co.uk/a", None),
        (Scope(START), "http://shop.example.co.uk/a", None),
        (Scope(START), "https://www.shop.example.co.uk/a", None),
        (Scope("https://www.a.test/"), "https://a.test/x", None),
        (Scope(START), "https://example.co.uk/a", "off_site"),
        (Scope(START), "https://shop.example.co.uk:8443/a", "off_site"),
        (Scope(START, include_subdomains=True), "https://blog.example.co.uk/a", None),
        (Scope(START, include_subdomains=True), "https://other.co.uk/a", "off_site"),
        (Scope(START, include_subdomains=True), "https://blog.example.co.uk:81/a", "off_site"),
        (Scope("http://127.0.0.1:80/", include_subdomains=True), "http://10.0.0.1/", "off_site"),
        (Scope(START, include_patterns=["/p/*"]), "https://shop.example.co.uk/p/1/x?q=1", None),
        (Scope(START, include_patterns=["/p/*"]), "https://shop.example.co.uk/q", "not_included"),
        (Scope(START, include_patterns=["/p/*"], exclude_patterns=["*.pdf"]), START[:-3] + "p/a.pdf", "excluded"),
        (Scope(START), "https://shop.example.co.uk/a/b/a/b/a/b", "trap"),
        (Scope(START), "https://shop.example.co.uk/x/x/x", "trap"),
        (Scope(START), "https://shop.example.co.uk/2024/01/01", None),
        (Scope(START), "https://shop.example.co.uk/" + "/".join("abcdefghijklmnopqrstuvwxyz"), "trap"),
        (Scope(START), "https://shop.example.co.uk/?" + "&".join(f"f{n}=1" for n in range(20)), "trap"),
    ],
)
def test_refusal(scope: Scope, href: str, refusal: str | None) -> None:
    assert scope.refusal(href) == refusal


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.com", "example.com"),
        ("example.co.uk", "example.co.uk"),
        ("me.github.io", "me.github.io"),
        ("x.me.github.io", "me.github.io"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("localhost", "localhost"),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain
