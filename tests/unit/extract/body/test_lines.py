"""Words and lines that the page parts are parted in all formats."""

import pytest

from alterlab_server.extract import extract

PROSE = "<p>We set out early in the morning, when the hills were still covered with a thin white fog.</p>" * 4


def formats(part: str, *names: str) -> list[str]:
    content = extract(f"<article><h1>A walk</h1>{PROSE}{part}{PROSE}</article>", formats=names).content
    return [str(content[name]) for name in names]


@pytest.mark.parametrize(
    "part",
    [
        "<span>low<div>the second</div>steep</span>",
        "<div><span>low<div>the second</div></span>steep</div>",
        "<div><b>low<i><p>the second</p></i></b><em>steep</em></div>",
        "<a href=/x>low<h2>the second</h2>steep</a>",
        "<walk-part>low<section>the second</section>steep</walk-part>",
        "<span>low<table><tr><td>the second<td>here</table>steep</span>",
    ],
)
def test_a_block_within_a_line_has_a_line_of_its_own(part: str) -> None:
    for said in formats(part, "text", "markdown"):
        lines = [line.strip("#*| ") for line in said.split("\n")]
        assert [line for line in lines if line in ("low", "[low](/x)")], said
        assert "steep" in lines


def test_a_text_between_blocks_is_in_a_box_of_its_own_only_where_it_has_to_be() -> None:
    (html,) = formats("<div>low<div>the second</div>steep</div><span>a<p>b</p>c<p>d</p></span>", "html")
    assert "<div>low<div>the second</div>steep</div><span>a<p>b</p><div>c</div><p>d</p></span>" in html


@pytest.mark.parametrize(
    "cell", ["low<div>steep</div>high", "<div>low<div>steep</div></div>high", "low<ul><li>steep</ul>high"]
)
def test_blocks_in_a_cell_are_apart(cell: str) -> None:
    (text,) = formats(f"<table><tr><th>Hills<th>Name<tr><td>{cell}<td>Ada</table>", "text")
    (line,) = [line for line in text.split("\n") if "steep" in line]
    assert line.replace("- ", "").split() == ["low", "steep", "high", "Ada"]


def test_an_item_in_a_cell_stands_behind_its_mark() -> None:
    cell = "two<ul><li><p>low</p></li><li><p>steep</p><p>high</p></li></ul>"
    (markdown,) = formats(f"<table><tr><th>Hills<th>Name<tr><td>{cell}<td>Ada</table>", "markdown")
    assert "| two<br>- low<br>- steep<br>high | Ada |" in markdown


@pytest.mark.parametrize("tag", ["nav", "footer", "dialog"])
def test_a_block_that_is_never_content_leaves_the_lines_it_parted(tag: str) -> None:
    (text,) = formats(f"<div>The hill is low<{tag}>Home</{tag}>the next is steep</div>", "text")
    assert "The hill is low\nthe next is steep" in text


@pytest.mark.parametrize(
    "box",
    [
        "<img src=/x.png alt=''>", "<a href=/x><img src=/x.png></a>", "<picture><img src=/x.png></picture>",
        "<video src=/x.mp4></video>", "<audio src=/x.mp3>none</audio>", "<meter value=1>1</meter>",
        "<img src=/x.png><!-- two --><img src=/y.png>", "<b><i><img src=/x.png></i></b>",
        "<progress value=1>1</progress>", "<input>", "<svg></svg>", "<select></select><select></select>",
    ],
)  # fmt: skip
def test_what_a_line_holds_beside_words_parts_them(box: str) -> None:
    text, tree = formats(
        f"<p>The hill{box}is (<img src=/y.png>so they say<img src=/z.png>) low.</p>", "text", "json_v2"
    )
    assert "The hill is (so they say) low." in text
    assert "'text': 'The hill is (so they say) low.'" in tree


@pytest.mark.parametrize(
    "nothing", ["<input type=hidden>", "<datalist><option>Home</datalist>", "<script>1</script>", "<wbr>", "<!-- x -->"]
)
def test_what_takes_no_room_in_a_line_parts_no_word(nothing: str) -> None:
    for said in formats(f"<p>The hill is unbe{nothing}lievably low.</p>", "text", "markdown"):
        assert "The hill is unbelievably low." in said


@pytest.mark.parametrize("silent", ["<video></video>", "<iframe></iframe>", "<noframes>none</noframes>", " "])
def test_pictures_beside_what_says_nothing_are_blocks(silent: str) -> None:
    page = f"<article><h1>A walk</h1>{PROSE}<p><img src=/x.png>{silent}<img src=/y.png></p>{PROSE}</article>"
    blocks = extract(page, formats=("json_v2",)).content["json_v2"]["sections"][0]["blocks"]
    assert [block["url"] for block in blocks if block["type"] != "paragraph"] == ["/x.png", "/y.png"]
