"""Any bytes at all give a result or a clear error, in time that grows with their size; the timeout is the judge."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alterlab_server.base.errors import ServiceError
from alterlab_server.extract import FORMATS, extract
from alterlab_server.extract.structured.profiles.table import PROFILE_NAMES

URL = "https://example.com/"
MEGABYTE = 1_000_000
CASES: dict[str, Callable[[], bytes]] = {
    "deeply nested blocks": lambda: b"<div>" * 50_000 + b"x",
    "deeply nested inline elements": lambda: b"<p>" + b"<b>" * 20_000 + b"x",
    "deeply nested unknown elements": lambda: b"<x-y>" * 20_000 + b"x",
    "deeply nested links": lambda: b"<a href=x><div>" * 3_000 + b"x",
    "deeply nested lists": lambda: b"<ul><li>" * 10_000 + b"x",
    "deeply nested tables": lambda: b"<table><tr><td>" * 2_000 + b"x",
    "rows in deeply nested tables": lambda: b"<table><tr><th>a<th>b" * 300 + b"<tr><td>1<td>2" * 20_000,
    "deeply nested quotes": lambda: b"<blockquote>" * 10_000 + b"x",
    "deeply nested definitions": lambda: b"<dl><dt><dd>" * 5_000 + b"x",
    "pictures in nested elements": lambda: b"<b><img>" * 20_000 + b"<p>x",
    "blocks in a line": lambda: b"<span>a<div>b</div>c</span>d" * 20_000,
    "blocks in a cell": lambda: b"<table><tr><td>" + b"a<div>b</div>c" * 20_000,
    "a hundred thousand attributes": lambda: b"<p " + b" ".join(b"a%d=1" % i for i in range(100_000)) + b">x</p>",
    "fifty megabytes of one tag": lambda: b'<p title="' + b"x" * 50 * MEGABYTE + b'">y</p>',
    "one tag over and over": lambda: b"<p>" * 20_000,
    "angle brackets": lambda: b"<" * MEGABYTE,
    "a comment that does not end": lambda: b"<!--" + b"-" * MEGABYTE,
    "everything unclosed": lambda: b"<table><tr><td><ul><li><b><i><a href=x>text<select><option>" * 500,
    "null bytes": lambda: b"<p>a\0b</p>\0" * 2_000,
    "every byte": lambda: bytes(range(256)) * 1_000,
    "two encodings in one": lambda: "äöü".encode() * 1_000 + "äöü".encode("latin1") * 1_000,
    "half a character": lambda: b"\xff\xfe<\x00p",
    "spans beyond all sizes": lambda: b"<table>" + b"<tr><td colspan=1000 rowspan=65534>x</td></tr>" * 2_000,
    "emphasis marks": lambda: b"<p>" + b"_*" * 200_000,
    "backslashes alone": lambda: b"<p>" + b"\\" * 200_000,
    "brackets": lambda: b"<p>" + b"[" * 200_000 + b"](",
    "formula marks": lambda: b"<p>" + b"$$ \\( " * 50_000,
    "white space": lambda: b"<p>" + b" \n" * 500_000 + b"x",
    "one endless word": lambda: b"<p>" + b"x" * MEGABYTE,
    "digits and commas": lambda: b"<p>$" + b"1," * 300_000,
    "dates": lambda: b"<p>" + b"12/12/" * 100_000,
    "class names": lambda: b'<div class="' + b"a-" * 300_000 + b'">x</div>',
    "open brackets of JSON": lambda: b"<script type='application/ld+json'>" + b"[" * 200_000 + b"</script><p>x",
    "footnotes": lambda: b"".join(b"<sup><a href='#fn%d'>%d</a></sup><li id=fn%d>x" % (i, i, i) for i in range(2_000)),
    "footnotes of one label": lambda: b"".join(
        b"<sup><a href='#%d'>1</a></sup><p id=%d>x" % (i, i) for i in range(20_000)
    ),
    "lists in a cell": lambda: b"<table><tr><td>" + b"<ol reversed><li>" * 2_000 + b"x",
    "an endless list in a cell": lambda: b"<table><tr><td><ol reversed start=9>" + b"<li>x" * 50_000,
    "headings": lambda: b"".join(b"<h%d>x</h%d>" % (i % 6 + 1, i % 6 + 1) for i in range(5_000)),
    "headings of permalinks": lambda: b"<h1><div>" * 20 + b"<a href=#>#</a>" * 50_000 + b"x",
    "icons in nested blocks": lambda: b"<div>" * 290 + b"<a href=x><img src=y></a>" * 20_000 + b"<img src=z></div><p>x",
    "kinds of a term": lambda: b"<dl><dt>x" + b"<span class=classifier>y</span>" * 50_000 + b"<dd>z",
    "line breaks in a cell": lambda: b"<table><tr><th>x<tr><td>" + b" <br> &nbsp;" * 100_000,
    "dots and slashes in an address": lambda: b'<p><a href="' + b"/.%2e/x" * 100_000 + b'">x</a>',
    "blank lines in code": lambda: b"<pre>" + b"x\n\n" * 100_000 + b"</pre>",
    "line breaks in code": lambda: b"<p>" + b"<code>a<br>b</code>" * 20_000 + b"<code>" + b"a<br>" * 20_000,
    "numbers of lines": lambda: b"<table>" + b"<tr><td class=blob-num><td class=blob-code>x" * 20_000,
    "ways back": lambda: b'<sup id=r><a href="#n">1</a></sup><p id=n><span>' + b'<a href="#r">a</a>' * 5_000,
    "an endless set of images": lambda: b'<p>x<img srcset="' + b"a, " * 200_000 + b'">',
    "backslashes": lambda: b"<p>" + b"\\[" * 200_000,
    "rule signs": lambda: b"<p>" + b"- " * 200_000 + b"x",
    "links beyond count": lambda: b"".join(b"<a href=/%d>x</a>" % number for number in range(50_000)),
    "tables beyond count": lambda: b"<p>A text." + b"<table><tr><td>1</table>" * 20_000 + b"<p>A text.",
    "entities": lambda: b"<p>" + b"&amp;" * 200_000,
}


@pytest.mark.parametrize("case", CASES)
def test_traps_give_a_result(case: str) -> None:
    got = extract(CASES[case](), formats=FORMATS, url=URL)
    assert set(got.content) == set(FORMATS)


@pytest.mark.parametrize(
    "source",
    [
        "[^1]: x\n\n" + "[^" * 100_000,
        "[^1]: x\n\n" + "[^1] " * 20_000,
        "Words.\n\n" + "[^a]: " * 30_000,
        "---\n" + "a: b\n" * 40_000,
        "[" * 50_000,
    ],
    ids=["beginnings of mentions", "mentions", "notes in notes", "front matter without an end", "brackets"],
)
def test_traps_of_markdown_give_a_result(source: str) -> None:
    assert extract(source, formats=("markdown",), content_type="text/markdown").content["markdown"]


@pytest.mark.parametrize(
    "page",
    [
        "<dl>" + "<dt>a?</dt>" * 20_000 + "</dl>" + "<b></b>" * 20_000,
        "<details><summary>q</summary></details>" * 20_000,
        "<div class=c><div><a href=/x>abc</a>" * 5_000,
        "<div class=c><a href=/x>abc</a> words </div>" * 20_000,
        "<dl>" * 100 + "<dt>a" * 100_000,
        "<table>" * 60 + "<tr><td>a" * 50_000,
        "<div class=specs>" * 100 + "<div><b>a</b><b>b</b></div>" * 20_000,
        "<h1>a</h1><ul>" + "<li>a: b" * 50_000 + "</ul>" + "<!-- --><ul><li>a: b<li>c: d<li>e: f</ul>" * 5_000,
        "<h1>a</h1>" + "<p>4.5 / 5 (1" + " 1" * 20 + " reviews" + "</p><p aria-label='4 of 5'>" * 20_000,
        "<title>jobs</title><h1>a</h1>" + "<h2>Requirements</h2>" * 400 + "<div><b>a<ul><li>b" * 300 + "<p>c" * 30_000,
        "<title>jobs</title>" + "<b>Duties</b><div class=company><ul>" * 400 + "<li><ul><li>a" * 20_000,
        "<title>events</title><h1>a</h1>"
        + "<p>Date: 1 1 1 1 May - 1. 1 1 - 1 May</p><p>2. - 3. Salary: 1 k - 1 k - $</p>" * 20_000,
        "<title>FAQ</title>" + "<p class=question><b>a?</b>" * 20_000,
        "<title>FAQ</title>" + "<div class=question><b>" * 250 + "a? " * 20_000,
        "<h2>Zutaten (1" + " 1" * 100_000,
        "<title>abcd</title><div data-props='"
        + "[" * 100_000
        + "'></div>"
        + "<astro-island props='[0,[0,1]]'></astro-island>" * 5_000,
        "<title>abcd</title><script>self.__next_f.push([1," + '"a:[' + "\\n5:{" * 40_000 + '"])</script>',
        "<title>abcd</title><script>window.__NUXT__={a:" + '"\\"' * 50_000 + "</script>",
        "<title>abcd</title><script>window.__NUXT__=(function(" + "a," * 50_000 + "</script>",
        "<title>abcd</title><script>" + "window.__NUXT__=(function(a){return {" + "}(new Date(" * 20_000 + "</script>",
        "<title>abcd</title><script>" + "x=JSON.parse(decodeURIComponent('%7B" * 20_000 + "</script>",
    ],
)
@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_traps_of_profiles_give_a_result(profile: str, page: str) -> None:
    assert extract(page, formats=("json",), url=URL, profile=profile).content["json"]


@settings(max_examples=60)
@given(st.binary(max_size=600), st.sampled_from(["", "text/html", "text/plain", "application/json", "text/xml"]))
def test_any_bytes_give_a_result_or_a_clear_error(body: bytes, content_type: str) -> None:
    with suppress(ServiceError):
        got = extract(body, formats=FORMATS, content_type=content_type, url=URL)
        assert set(got.content) == set(FORMATS)


_TAG = st.sampled_from(
    "p div span a b em ul ol li table tr td th pre code blockquote h1 h2 dl dt dd details summary img br hr math"
    " sup".split()
)
_PIECE = st.one_of(_TAG.map("<{}>".format), _TAG.map("</{}>".format), st.text(max_size=12))


@settings(max_examples=100)
@given(st.lists(_PIECE, max_size=60).map("".join))
def test_any_markup_gives_every_format_without_a_fault(markup: str) -> None:
    got = extract(markup, formats=FORMATS, url=URL)
    assert not any("could not be made" in reason for reason in got.errors.values())


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><th>a<th>b" * 300 + "<tr><td>1<td>2" * 20_000,
        "<table><tr><th>a<th>b<tr><td colspan=1000 rowspan=65534>x</table>" * 500,
        "<table><tr><th>a<th>b<tr><td>x<td>y</table>" * 20_000,
        "<div class=c><a href=/x>abc</a> words </div>" * 20_000,
    ],
)
def test_traps_of_schemas_give_a_result(page: str) -> None:
    thing = {"type": "object", "properties": {name: {"type": "string"} for name in "abc"}}
    schema = {"properties": {f"list{number}": {"type": "array", "items": thing} for number in range(50)}}
    assert (
        extract(page, formats=("json",), url=URL, schema=schema).filtered_content.keys() == schema["properties"].keys()
    )
