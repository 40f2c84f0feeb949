"""All formats say each thing once, and no words are glued."""

import pytest

from alterlab_server.extract import extract

PROSE = "<p>We set out early in the morning, when the hills were still covered with a thin white fog.</p>" * 4


def formats(part: str, *names: str) -> list[str]:
    content = extract(f"<article><h1>A walk</h1>{PROSE}{part}{PROSE}</article>", formats=names).content
    return [str(content[name]) for name in names]


def test_a_body_named_like_a_drawing_of_a_formula_is_settled_as_well() -> None:
    heading = "<h2>The hills<a href='#hills'>#</a></h2>"
    page = f"<body class=katex-html><h1>A walk</h1>{PROSE}<math alttext='h'>h</math>{heading}{PROSE}</body>"
    said = str(extract(page, formats=("markdown",)).content["markdown"])
    assert "early in the morning" in said
    assert "## The hills\n" in said


def test_numbers_of_lines_are_in_no_format() -> None:
    lines = "".join(f"<span class=linenos>{n}</span>step_{n}()\n" for n in range(1, 4))
    for said in formats(f"<div class=highlight><pre>{lines}</pre></div>", "text", "markdown"):
        assert "step_1()\nstep_2()\nstep_3()" in said


def test_the_spaces_of_code_stay_beside_a_part_in_an_element_of_its_own() -> None:
    back = "<a class=viewcode-back href=hills.html#x>[docs]</a>"
    part = f"<div class=viewcode-block>{back}<span>def</span> <span>climb</span>(hill):\n    hill()</div>"
    imports = "<span>import</span> <span>hills</span>\n<span>import</span> <span>boots</span>"
    code = f"<pre>{imports}\n\n{part}\n\n<span>x</span></pre>"
    for said in formats(code, "text", "markdown"):
        assert "import hills\nimport boots\n\ndef climb(hill):\n    hill()\n\nx" in said


def test_one_code_in_two_languages_is_on_two_lines() -> None:
    code = "<pre><code class='language-js cjs'>require(1);</code><code class='language-js mjs'>import 1;</code></pre>"
    for said in formats(code, "text", "markdown"):
        assert "require(1);\nimport 1;" in said


def test_code_in_a_table_keeps_its_lines() -> None:
    code = "<td class=linenos><pre>1\n2</pre></td><td class=code><pre>for hill in hills:\n    climb(hill)</pre></td>"
    for said in formats(f"<table><tr>{code}</tr></table>", "text", "markdown"):
        assert "for hill in hills:\n    climb(hill)" in said


def test_a_formula_is_said_once() -> None:
    drawn = (
        "<p>The height of each hill is <span class=katex><span class=katex-mathml><math><semantics><mi>h</mi>"
        "<annotation encoding='application/x-tex'>h_1</annotation></semantics></math></span>"
        "<span class=katex-html aria-hidden=true>h1</span></span> as the map has it.</p>"
    )
    text, markdown = formats(drawn, "text", "markdown")
    assert "hill is h as the map" in text
    assert "hill is $h_1$ as the map" in markdown


def test_what_stands_for_a_film_is_no_content() -> None:
    film = "<video src=/v.mp4><source src=/v.webm>Your browser plays no films.</video>"
    assert not any("browser" in said for said in formats(film, "text", "markdown", "html"))


@pytest.mark.parametrize("tag", ["center", "fieldset", "form", "hgroup", "legend", "search"])
def test_blocks_are_not_glued_to_the_text_around_them(tag: str) -> None:
    part = f"<div>The first of the hills was low<{tag}>the second was steep</{tag}>the third was high</div>"
    assert "low\n\nthe second was steep\n\nthe third" in formats(part, "text")[0]


def test_a_button_in_a_sentence_is_part_of_it() -> None:
    part = "<p>According to<button>Mary Hill,</button>a guide of many years, the fog lifts before noon.</p>"
    assert all("According to Mary Hill, a guide" in said for said in formats(part, "text", "markdown"))


def test_readings_are_set_apart() -> None:
    page = "<main><p>橋の<ruby>欄干<rt>らんかん</rt></ruby>には地元の木材が使われている。</p></main>"
    assert extract(page, formats=("text",)).content["text"] == "橋の欄干(らんかん)には地元の木材が使われている。"


def test_the_sign_of_an_item_stands_before_its_text() -> None:
    part = "<ul><li><p>bring water and a map of the hills</p></li><li><p>start before the sun is up</p></li></ul>"
    assert "- bring water and a map of the hills\n- start before" in formats(part, "text")[0]


@pytest.mark.parametrize("delimiter", ["", " <span class=classifier-delimiter>:</span> "])
def test_a_term_and_its_kind_are_set_apart(delimiter: str) -> None:
    part = f"<dl><dt><b>height</b>{delimiter}<span class=classifier>int</span></dt><dd>Metres above the sea.</dd></dl>"
    text, markdown = formats(part, "text", "markdown")
    assert "height : int" in text
    assert "**height** : int\n: Metres" in markdown


def test_a_signature_and_the_link_to_its_code_are_set_apart() -> None:
    source = "<a href=hills.html><span class=viewcode-link>[source]</span></a>"
    part = f"<dl><dt>climb(<em>hill</em>){source}</dt><dd>Goes up a hill.</dd></dl>"
    assert "climb(hill) [source]\n" in formats(part, "text")[0]
