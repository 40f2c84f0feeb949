"""E-mail addresses that Cloudflare hides are read as a browser shows them."""

import pytest

from alterlab_server.extract import extract

SCRIPT = '<script src="/cdn-cgi/scripts/5c5dd728/cloudflare-static/email-decode.min.js"></script>'
PROSE = "<p>We set out early in the morning, when the hills were still covered with a thin white fog.</p>" * 4


def hidden(address: str, key: int) -> str:
    return bytes([key, *(byte ^ key for byte in address.encode())]).hex()


def said(part: str, script: str = SCRIPT) -> str:
    page = f"<article><h1>A walk</h1>{PROSE}<p>{part}</p>{PROSE}</article>{script}"
    done = extract(page, formats=("markdown",), url="https://example.com/walk")
    return str(done.content["markdown"]).split("\n\n")[5]


def test_an_address_is_put_back_in_text_and_link() -> None:
    link = f'<a href="/cdn-cgi/l/email-protection#{hidden("ida@example.com", 0xDF)}">'
    text = f'<span class="__cf_email__" data-cfemail="{hidden("ida@example.com", 0x13)}">[email&#160;protected]</span>'
    assert said(f"Write to {link}{text}</a>.") == "Write to [ida@example.com](mailto:ida@example.com)."
    assert said(f"Write to {link}us</a>.") == "Write to [us](mailto:ida@example.com)."


def test_an_address_in_code_is_text() -> None:
    link = (
        f'<a href="/cdn-cgi/l/email-protection" data-cfemail="{hidden("bob@example.com", 0x51)}">[email protected]</a>'
    )
    assert said(f"See <code>to('{link}')</code>.") == "See `to('bob@example.com')`."


@pytest.mark.parametrize("code", ["", "5", "zz", "51", hidden("no address", 3), hidden("a\n@b", 3), "5122ff"])
def test_what_is_no_address_stays(code: str) -> None:
    assert said(f'Write <span data-cfemail="{code}">to us</span>.') == "Write to us."


def test_a_page_without_the_script_is_left_as_it_is() -> None:
    part = f'Write <span data-cfemail="{hidden("ida@example.com", 7)}">to us</span>.'
    assert said(part, script="") == "Write to us."
