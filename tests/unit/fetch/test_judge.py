from datetime import UTC, datetime

import pytest

from alterlab_server.base.page import Page
from alterlab_server.fetch.judge import judge
from alterlab_server.fetch.outcome import Judgement, Verdict
from alterlab_server.fetch.request import FetchRequest

URL = "https://shop.example/item"
WORDS = "plenty of ordinary words stand on this page and tell a story of their own " * 8


def judged(
    body: str | bytes = f"<title>Item</title><p>{WORDS}</p>",
    *,
    status: int = 200,
    content_type: str = "text/html",
    mode: str = "auto",
    method: str = "GET",
    headers: dict[str, str] | None = None,
    **fields: object,
) -> Judgement:
    data = body.encode() if isinstance(body, str) else body
    page = Page(URL, URL, status, {"content-type": content_type, **(headers or {})}, data, **fields)
    return judge(page, FetchRequest(URL, method=method), mode, datetime(2025, 1, 1, tzinfo=UTC))


STATUSES = [
    (200, Verdict.GOOD),
    (206, Verdict.GOOD),
    (302, Verdict.REJECTED),
    (304, Verdict.REJECTED),
    (400, Verdict.REJECTED),
    (401, Verdict.LOGIN_REQUIRED),
    (402, Verdict.PAYWALL),
    (403, Verdict.BLOCKED),
    (404, Verdict.NOT_FOUND),
    (405, Verdict.REJECTED),
    (406, Verdict.BLOCKED),
    (408, Verdict.SERVER_ERROR),
    (410, Verdict.NOT_FOUND),
    (418, Verdict.BLOCKED),
    (422, Verdict.REJECTED),
    (451, Verdict.REJECTED),
    (499, Verdict.BLOCKED),
    (429, Verdict.RATE_LIMITED),
    (500, Verdict.SERVER_ERROR),
    (503, Verdict.SERVER_ERROR),
]


@pytest.mark.parametrize(("status", "verdict"), STATUSES)
def test_status(status: int, verdict: Verdict) -> None:
    assert judged(status=status).verdict is verdict


def test_a_block_page_is_known_whatever_its_status_says() -> None:
    assert judged(status=405, headers={"x-amzn-waf-action": "captcha"}).verdict is Verdict.CAPTCHA


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("Wed, 01 Jan 2025 00:01:00 GMT", 60.0),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0.0),
        ("Wed, 01 Jan 2225 00:00:00 GMT", 31_536_000.0),
        ("soon", None),
        ("9" * 5_000, 31_536_000.0),
        ("01 Jan 9999999999 00:00:00", None),
        ("", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert judged(status=429, headers={"retry-after": value}).retry_after == seconds


KINDS = [
    ("auto", "text/html", b"<p>a page</p>", Verdict.GOOD),
    ("auto", "application/json", b'{"a": 1}', Verdict.GOOD),
    ("auto", "application/pdf", b"%PDF-1.7 and more", Verdict.GOOD),
    ("auto", "", b"<p>a page</p>", Verdict.GOOD),
    ("auto", "application/octet-stream", b"PK\x03\x04\x00\x00", Verdict.WRONG_TYPE),
    ("auto", "image/png", b"\x89PNG\r\n\x1a\n", Verdict.WRONG_TYPE),
    ("auto", "application/zip", b"PK\x03\x04", Verdict.WRONG_TYPE),
    ("html", "application/pdf", b"%PDF-1.7", Verdict.WRONG_TYPE),
    ("js", "application/pdf", b"%PDF-1.7", Verdict.WRONG_TYPE),
    ("pdf", "application/pdf", b"%PDF-1.7", Verdict.GOOD),
    ("pdf", "text/html", b"%PDF-1.7", Verdict.GOOD),
    ("pdf", "application/octet-stream", b"%PDF-1.7", Verdict.GOOD),
    ("pdf", "text/html", b"<p>a page</p>", Verdict.WRONG_TYPE),
    ("ocr", "image/png", b"\x89PNG\r\n\x1a\n", Verdict.GOOD),
    ("ocr", "", b"RIFF\x00\x00\x00\x00WEBPVP8 ", Verdict.GOOD),
    ("ocr", "text/html", b"<p>a page</p>", Verdict.WRONG_TYPE),
    ("auto", "text/plain", b"ok", Verdict.GOOD),
    ("auto", "text/plain", b"%PDF-1.7 and more", Verdict.GOOD),
    ("auto", "text/html", b"\x1f\x8b\x08 compressed, and not said", Verdict.WRONG_TYPE),
    ("auto", "application/json", b"PK\x03\x04", Verdict.WRONG_TYPE),
    ("ocr", "text/html", b"\x89PNG\r\n\x1a\n", Verdict.GOOD),
]


@pytest.mark.parametrize(("mode", "content_type", "body", "verdict"), KINDS)
def test_type(mode: str, content_type: str, body: bytes, verdict: Verdict) -> None:
    assert judged(body, content_type=content_type, mode=mode).verdict is verdict


def test_what_the_server_calls_wrongly_is_told() -> None:
    judged_page = judged(b"\x1f\x8b\x08", content_type="text/html")
    assert judged_page.reason == "The content is binary data called text/html, which mode auto does not read."


CONTENTS = [
    ("", Verdict.EMPTY),
    ("  \n ", Verdict.EMPTY),
    ("<html><head><title>Titled</title></head><body></body></html>", Verdict.EMPTY),
    ("<p>Hello</p>", Verdict.GOOD),
    ('<body><img src="a.png"><img src="b.png"></body>', Verdict.GOOD),
    ('<div id="root"></div><script src="app.js"></script>', Verdict.NEEDS_JAVASCRIPT),
    ("<noscript>Please enable JavaScript.</noscript><p>Loading</p><script></script>", Verdict.NEEDS_JAVASCRIPT),
    (f'<div id="root"><p>{WORDS}</p></div><script src="app.js"></script>', Verdict.GOOD),
    (f"<noscript>Please enable JavaScript.</noscript><p>{WORDS}</p><script></script>", Verdict.GOOD),
    ("<p>two words</p>" + "<div class='filler filler filler'></div>" * 400, Verdict.THIN),
    (f"<p>{WORDS}</p><div class='unfini", Verdict.CUT),
    (f"<p>{WORDS}</p><script>var half", Verdict.CUT),
    (f"<p>{WORDS}</p><!-- never closed", Verdict.CUT),
    ("<p>" + "今日は晴れのち曇りでしょう。" * 20 + "</p><script></script>", Verdict.GOOD),
]


@pytest.mark.parametrize(("body", "verdict"), CONTENTS)
def test_content(body: str, verdict: Verdict) -> None:
    assert judged(body).verdict is verdict


REFUSALS_IN_JSON = [
    ('{"url":"https://geo.captcha-delivery.com/captcha/?initialCid=A&t=fe"}', "datadome"),
    (
        '{"appId":"PX0000000","vid":"","uuid":"0","blockScript":"https://captcha.px-cdn.net/PX0000000/captcha.js"}',
        "human",
    ),
]


@pytest.mark.parametrize(("body", "vendor"), REFUSALS_IN_JSON)
def test_refusal_in_json(body: str, vendor: str) -> None:
    judgement = judged(body, status=403, content_type="application/json")
    assert (judgement.verdict, judgement.vendor) == (Verdict.CAPTCHA, vendor)


def test_a_refusal_is_known_by_what_it_says_whatever_it_is_called() -> None:
    assert judged(REFUSALS_IN_JSON[0][0], status=403, content_type="text/plain").vendor == "datadome"


@pytest.mark.parametrize(
    ("led_to", "verdict"),
    [
        ("https://shop.example/consent?return=/item", Verdict.CONSENT_WALL),
        ("https://consent.shop.example/", Verdict.CONSENT_WALL),
        ("https://shop.example/item?from=//consent.shop.example/", Verdict.GOOD),
        ("https://shop.example/consenting-adults", Verdict.GOOD),
    ],
)
def test_where_a_wall_is_known_by_its_address(led_to: str, verdict: Verdict) -> None:
    page = Page(URL, led_to, 200, {"content-type": "text/html"}, b"<title>Item</title><p>A few words of it.</p>")
    assert judge(page, FetchRequest(URL)).verdict is verdict


@pytest.mark.parametrize("number", [403, 404, 429, 503])
def test_short_page_with_the_number_of_a_refusal_in_its_title_is_good(number: int) -> None:
    text = f"<h1>Room {number}</h1><p>It has two windows on the yard, a stove, and a door to room {number + 1}.</p>"
    assert judged(f"<title>Room {number}</title>{text}").verdict is Verdict.GOOD


def test_text_in_any_charset_counts() -> None:
    body = ("<p>" + "今日は晴れのち曇りでしょう。" * 20 + "</p><div id=app></div><script></script>").encode("shift_jis")
    assert judged(body).good


def test_cut_by_our_own_cap_is_good() -> None:
    assert judged(f"<p>{WORDS}</p><div class='unfini", truncated=True).good


def test_part_of_a_file_is_useless() -> None:
    assert judged(b"%PDF-1.7", content_type="application/pdf", truncated=True).verdict is Verdict.TOO_LARGE
    assert judged(b"BM", mode="ocr", content_type="image/bmp", truncated=True).verdict is Verdict.TOO_LARGE


def test_what_a_browser_rendered_is_no_shell() -> None:
    assert judged('<div id="root"><p>Hello</p></div><script></script>', rendered=True).good
    assert judged('<div id="root"></div><script></script>', rendered=True).verdict is Verdict.EMPTY


def test_empty_answer_to_a_post_is_good() -> None:
    assert judged("", status=204, method="POST").good
    assert not judged("", method="POST", rendered=True).good, "a browser shows a page"


def test_hostile_markup_takes_linear_time() -> None:
    for piece in (b"<a", b"<script", b"<!--", b"</", b"<title>", b"<noscript>", b"&amp", b"<p>!</p>"):
        assert judged(piece * (1_048_576 // len(piece))) is not None
