"""Where pages lead on by themselves."""

import pytest

from alterlab_server.fetch.http.exchange import Response
from alterlab_server.fetch.http.refresh import refresh_target

HTML = (("content-type", "text/html"),)


def target_of(markup: str) -> str | None:
    return refresh_target(Response(200, HTML, markup.encode()))


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0; url=/new", "/new"),
        ("0;URL='/new'", "/new"),
        ("1,  url = /new ", "/new"),
        ("5 /new", "/new"),
        ("0.5; /new?a=1&amp;b=2", "/new?a=1&b=2"),
        ("6; url=/new", None),
        ("300", None),
        ("0", None),
        ("0;", None),
        ("url=/new", None),
        ("", None),
        ("0; url=", None),
        ("9" * 5000 + "; url=/new", None),
    ],
)
def test_the_instruction(content: str, target: str | None) -> None:
    assert target_of(f'<META content="{content}" HTTP-EQUIV=Refresh>') == target


@pytest.mark.parametrize(
    "markup",
    [
        "<noscript>{}</noscript>",
        "<!-- {} -->",
        "<script>document.write('{}')</script>",
        "<template><p>{}</p></template>",
        "<title>{}</title>",
        "<p>" * 6000 + "{}",
    ],
)
def test_one_that_a_browser_does_not_obey(markup: str) -> None:
    tag = '<meta http-equiv="refresh" content="0; url=/new">'
    assert target_of(markup.format(tag)) is None
    assert target_of(f"<noscript>a</noscript><!-- b --><title>c</title>{tag}") == "/new"


def test_the_header_says_the_same() -> None:
    assert refresh_target(Response(200, (*HTML, ("refresh", "0; url=/new")), b"")) == "/new"


@pytest.mark.parametrize("filler", ["9", " ", "0.", "5 "])
def test_a_header_without_end_holds_nothing_up(filler: str) -> None:
    for value in (filler * 100_000, "5" + filler * 100_000, "5;" + filler * 100_000, f"5{filler * 100_000}; url="):
        assert refresh_target(Response(200, (*HTML, ("refresh", value)), b"")) in (None, value[2:].strip())


def test_an_error_stays_where_it_is() -> None:
    tag = b'<meta http-equiv="refresh" content="0; url=/">'
    assert refresh_target(Response(404, HTML, tag)) is None
    assert refresh_target(Response(200, (("content-type", "application/json"),), tag)) is None
