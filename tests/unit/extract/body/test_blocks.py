from alterlab_server.extract.body.blocks import MAX_DEPTH, Layout
from alterlab_server.extract.body.names import MAX_LENGTH
from alterlab_server.extract.document import Document


def layout(body: str) -> Layout:
    root = Document(f"<html><body>{body}</body></html>").tree.find("body")
    assert root is not None
    return Layout(root)


def texts(body: str) -> list[str]:
    return [block.text for block in layout(body).blocks]


def test_a_block_ends_where_a_line_ends() -> None:
    assert texts("<p>One <b>and</b>\n two</p>three<br>four<br><br>five<div>six</div>") == [
        "One and two", "threefour", "five", "six",
    ]  # fmt: skip


def test_links_are_counted_by_their_words() -> None:
    (block,) = layout('<p>See <a href="/a">the long list</a> or <a href="/b">this</a>.</p>').blocks
    assert (block.words, block.link_words, block.links) == (6, 4, 2)


def test_a_container_knows_its_blocks() -> None:
    found = layout("<div><p>a</p><p>b</p></div><p>c</p>")
    spans = {container.tag: (container.start, container.end) for container in found.containers}
    assert spans["body"] == (0, 3)
    assert spans["div"] == (0, 2)


def test_children_of_one_kind_are_counted() -> None:
    found = layout('<ul><li class="x" id="1">a</li><li class="x" id="2">b</li><li class="y">c</li></ul>')
    items = [container for container in found.containers if container.tag == "li"]
    assert items[0].kind == items[1].kind != items[2].kind
    assert items[0].parent
    assert items[0].parent.kinds == {items[0].kind: 2, items[2].kind: 1}


def test_text_without_spaces_is_counted_by_its_length() -> None:
    (block,) = layout("<p>今日は風が強く、船は港を出ることができませんでした。</p>").blocks
    assert block.words >= 8


def test_a_shell_gives_the_copy_for_those_without_scripts() -> None:
    assert texts("<div id=app></div><noscript><p>The text.</p></noscript>") == ["The text."]


def test_depth_is_bounded() -> None:
    found = layout("<div>" * (MAX_DEPTH + 50) + "deep")
    assert max(container.depth for container in found.containers) == MAX_DEPTH
    assert [block.text for block in found.blocks] == ["deep"]


def test_names_of_absurd_length_are_not_remembered() -> None:
    page = layout(f"<div class='{'x ' * 100_000}'>Text</div>")
    assert max(len(container.names) for container in page.containers) == MAX_LENGTH


def test_elements_of_a_line_that_hold_blocks_are_known() -> None:
    found = layout("<div><b>a<i><p>b</p></i></b><span>c <u>d</u></span></div>")
    assert [(element.tag, start, end) for element, start, end in found.broken] == [("i", 0, 3), ("b", 0, 3)]
