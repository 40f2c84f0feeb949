"""Parts of a page that React sends late are read where its scripts put them."""

import pytest

from alterlab_server.extract import extract

PROSE = "<p>We set out early in the morning, when the hills were still covered with a thin white fog.</p>" * 4


def text(page: str) -> list[str]:
    content = extract(f"<body>{page}</body>", formats=("text",)).content["text"]
    return [line for line in str(content).split("\n") if line and not line.startswith("We set out")]


def test_a_part_takes_the_place_of_its_fallback() -> None:
    page = (
        f"<main><h1>A walk</h1>{PROSE}<!--$?--><template id=B:0></template><!--$--><p>One moment</p><!--/$-->"
        f"<i>wait</i><!--/$--><p>Behind it the sea was low.</p></main>"
        f'<div hidden id=S:0><p>The part of the way.</p></div><script>$RC=f;$RC("B:0","S:0")</script>'
    )
    assert text(page) == ["A walk", "The part of the way.", "Behind it the sea was low."]


def test_a_part_may_hold_the_place_of_another() -> None:
    page = (
        "<!--$?--><template id=B:0></template><!--/$-->"
        f"<div hidden id=S:0><main><h1>A walk</h1>{PROSE}<template id=P:1></template><p>The end of it.</p></main></div>"
        '<script>$RC("B:0","S:0")</script><div hidden id=S:1><p>Then came rain.</p></div>'
        '<script>$RS("S:1","P:1")</script>'
    )
    assert text(page) == ["A walk", "Then came rain.", "The end of it."]


def test_the_whole_page_may_come_late() -> None:
    page = (
        "<!--$?--><template id=B:0></template><p>Loading</p><!--/$-->"
        f'<div hidden id=S:0><main><h1>A walk</h1>{PROSE}</main></div><script>$RR("B:0","S:0",[])</script>'
    )
    assert text(page) == ["A walk"]


@pytest.mark.parametrize(
    "call", ["", '$RC("B:0","S:7")', '$RC("B:7","S:0")', '$RX("B:0","S:0")', '$RC("B:0","B:0")', '$RC("B:0","S:0"']
)
def test_a_place_without_its_part_keeps_its_fallback(call: str) -> None:
    page = f"<main><h1>A walk</h1>{PROSE}<!--$?--><template id=B:0></template><p>The low road.</p></main>"
    assert text(f"{page}<div hidden id=S:0>x</div><script>{call}</script>") == ["A walk", "The low road."]


def test_a_part_does_not_go_into_itself() -> None:
    page = f"<main><h1>A walk</h1>{PROSE}</main><div hidden id=S:0><p>It <template id=P:0></template> rains.</p></div>"
    assert text(f'{page}<script>$RS("S:0","P:0")</script>') == ["A walk", "It rains."]


def test_a_place_that_went_with_a_fallback_takes_no_part() -> None:
    page = (
        f"<main><h1>A walk</h1>{PROSE}<!--$?--><template id=B:0></template><template id=P:1></template><!--/$--></main>"
        "<div hidden id=S:0><p>Then came rain.</p></div><div hidden id=S:1></div>"
        '<script>$RC("B:0","S:0");$RS("S:1","P:1")</script>'
    )
    assert text(page) == ["A walk", "Then came rain."]


def test_a_page_of_places_that_never_end_takes_no_long() -> None:
    many = range(8_000)
    page = f"<main><h1>A walk</h1>{PROSE}" + "".join(f"<template id=B:{n}></template>" for n in many)
    page += "".join(f"<div hidden id=S:{n}></div>" for n in many)
    page += "<script>" + "".join(f'$RC("B:{n}","S:{n}")' for n in many) + "</script></main>"
    assert text(page) == ["A walk"]
