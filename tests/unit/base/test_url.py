import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alterlab_server.base.errors import InvalidUrl
from alterlab_server.base.url import for_log, join, parse_proxy, parse_url

HOSTS = [
    ("http://example.com", "example.com"),
    ("http://EXAMPLE.com./", "example.com."),
    ("http://example.com\\@evil.com/", "example.com"),
    ("http://2130706433/", "127.0.0.1"),
    ("http://0x7f.1/", "127.0.0.1"),
    ("http://0177.0.0.1/", "127.0.0.1"),
    ("http://127.1/", "127.0.0.1"),
    ("http://127.0.0.1./", "127.0.0.1"),
    ("http://１２７.0.0.1/", "127.0.0.1"),
    ("http://ex%61mple.com/", "example.com"),
    ("http://exa\tmple.com/\n", "example.com"),
    ("http://bücher.example/", "xn--bcher-kva.example"),
    ("http://[::FFFF:127.0.0.1]/", "::ffff:7f00:1"),
    ("http:example.com", "example.com"),
]


@pytest.mark.parametrize(("text", "host"), HOSTS)
def test_host_is_the_one_a_browser_sees(text: str, host: str) -> None:
    assert parse_url(text).host == host


def test_parts() -> None:
    url = parse_url("HTTPS://Example.com:8443/a/../b?q=ü#part")
    assert (url.scheme, url.port, url.path, url.fragment) == ("https", 8443, "/b?q=%C3%BC", "#part")
    assert url.origin == "https://example.com:8443"
    assert url.without_fragment == "https://example.com:8443/b?q=%C3%BC"


def test_default_ports() -> None:
    assert parse_url("http://a/").port == 80
    assert parse_url("https://a:443/").href == "https://a/"


REFUSED = [
    ("", "not valid"),
    ("example.com", "not valid"),
    ("http://exa mple.com/", "not valid"),
    ("http://[::1/", "not valid"),
    ("http://256.256.256.256/", "not valid"),
    ("http://a/\ud800", "not valid"),
    ("http://a/\0", "NUL"),
    ("ftp://example.com/", "Only http and https"),
    ("file:///etc/passwd", "Only http and https"),
    ("javascript:alert(1)", "Only http and https"),
    ("http://user@example.com/", "user name or password"),
    ("http://:secret@example.com/", "user name or password"),
    ("http://example.com/" + "a" * 8192, "longer than 8192"),
    ("http://example.com/" + "ü" * 4000, "percent-encoded"),
    ("http://" + "a." * 128 + "/", "longer than 253"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidUrl, match=reason):
        parse_url(text)


def test_join() -> None:
    assert join("http://a.example/x/y?q", "../z") == "http://a.example/z"
    assert join("https://a.example/x", "//b.example") == "https://b.example/"
    with pytest.raises(InvalidUrl):
        join("http://a.example/", "mailto:someone@a.example")


def test_proxy() -> None:
    proxy = parse_proxy("socks5h://us%40er:p%3Ass@Proxy.example")
    assert (proxy.scheme, proxy.host, proxy.port) == ("socks5", "proxy.example", 1080)
    assert (proxy.username, proxy.password) == ("us@er", "p:ss")
    assert parse_proxy("http://0x7f.1:3128").host == "127.0.0.1"


@pytest.mark.parametrize("text", ["", "proxy:3128", "ftp://proxy.example", "socks4://proxy.example", "http://:80"])
def test_proxy_refused_without_naming_it(text: str) -> None:
    with pytest.raises(InvalidUrl) as caught:
        parse_proxy(text)
    assert "needs the form" in caught.value.message


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.example/", "//", "http://["]))
def test_any_text_is_a_url_or_refused(text: str, prefix: str) -> None:
    try:
        url = parse_url(prefix + text)
    except InvalidUrl:
        return
    assert parse_url(url.href) == url
    assert url.href.isascii()
    assert url.scheme in {"http", "https"}
    assert not re.search(r"[\s@/\\]", url.host)


@pytest.mark.parametrize(
    ("url", "logged"),
    [
        ("https://example.com/a/b", "https://example.com/a/b"),
        ("https://example.com:8443/a?token=secret#x", "https://example.com:8443/a"),
        ("https://example.com/#secret?a", "https://example.com/"),
        ("HTTP://user:secret@example.com/a@b", "HTTP://example.com/a@b"),
        ("", ""),
    ],
)
def test_a_log_holds_no_secret_of_a_url(url: str, logged: str) -> None:
    assert for_log(url) == logged
