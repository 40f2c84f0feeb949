"""What no reader sees is in no format."""

import pytest

from alterlab_server.extract import extract

PROSE = "<p>We set out early in the morning, when the hills were still covered with a thin white fog.</p>" * 4


def line(part: str) -> str:
    text = extract(f"<article><h1>A walk</h1>{PROSE}<p>{part}</p>{PROSE}</article>", formats=("text",)).content["text"]
    return str(text).split("\n\n")[5]


@pytest.mark.parametrize(
    ("part", "seen"),
    [
        ("See <a href=/a>the list<span class=sr-only> (opens in a new tab)</span></a>.", "See the list."),
        ("It is <span class=u-visuallyHidden>The price:</span> $9 now.", "It is $9 now."),
        ("<s>$12</s><span class='screen-reader-text'>now</span><b>$9</b> a ferry.", "$12 $9 a ferry."),
        (
            "Take the <span class=tip>ferry<span role=tooltip>A ship</span></span>, then walk.",
            "Take the ferry, then walk.",
        ),
        (
            "Mrs <span class=rollover><a href=/p>Moll</a><span class=rollover-card><a href=/x>Her way</a></span></span>"
            " came.",
            "Mrs Moll came.",
        ),
    ],
)
def test_what_is_only_heard_or_opens_under_the_pointer_is_left_out(part: str, seen: str) -> None:
    assert line(part) == seen


@pytest.mark.parametrize(
    "part",
    [
        "The <span class='sr-only sm:not-sr-only'>whole</span> list.",
        "The <span class=tooltip><span class=tooltip-trigger>whole</span></span> list.",
        "The <span class=tooltip>whole</span> list.",
        "The <span class=splitscreen>whole</span> list.",
    ],
)
def test_what_only_looks_like_it_stays(part: str) -> None:
    assert line(part) == "The whole list."


def test_many_such_elements_take_no_long() -> None:
    popups = "<span class=tooltip>sea" + "<span class=tooltiptext></span>" * 20_000 + "</span>"
    heard = "<span class=sr-only>low </span>" * 20_000
    assert line(f"The {popups} and {heard} the hills.") == "The sea and the hills."


@pytest.mark.parametrize(
    "request_", ["You need to enable JavaScript to run this app.", "<p>Veuillez activer <b>Javascript</b>.</p>"]
)
def test_a_shell_that_asks_for_javascript_has_no_content(request_: str) -> None:
    found = extract(f"<body><noscript>{request_}</noscript><div id=root></div>", formats=("text",))
    assert found.content["text"] is None
    assert found.errors["text"] == "the page has no readable content"


def test_a_copy_for_browsers_without_scripts_is_kept_though_it_names_javascript() -> None:
    copy = f"<noscript><h1>Reading JavaScript</h1>{PROSE}{PROSE}{PROSE}</noscript>"
    text = extract(f"<body><div id=root></div>{copy}", formats=("text",)).content["text"]
    assert str(text).count("We set out early") == 12
