from array import array
from pathlib import Path

import pytest

from alterlab_server.extract import extract
from alterlab_server.extract.body import carve_body
from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.hints import Hints
from alterlab_server.extract.body.model import Judge, Judgement
from alterlab_server.extract.body.structure import Structure
from alterlab_server.extract.document import Document

PAGES = Path(__file__).parents[3] / "pages"
PARAGRAPHS = [
    "The harbour was built in 1874, when the railway came, and for eighty years it fed three towns along the coast.",
    "Today eleven boats are left. Their owners, most of them past sixty, still meet at five to talk about the wind.",
    "What happens to the quay once the last of them stops is a question that the council has put off for a decade.",
]
ARTICLE = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
LINKS = "".join(f'<li><a href="/{place}">{place}</a></li>' for place in ("News", "Sport", "Culture", "Weather"))


def text_of(body: str, *, strict: bool = False) -> str:
    document = Document(f"<html><head><title>The last boats</title></head><body>{body}</body></html>")
    return carve_body(document, strict=strict).element.to_text()


class AgainstNames(Judge):
    """Takes all for content but the blocks with a name in them."""

    def __init__(self) -> None: ...

    def judge(self, layout: Layout, hints: Hints) -> Judgement:
        chances = array("d", [0.1 if "Ingrid" in block.text else 0.9 for block in layout.blocks])
        return Judgement(Structure(layout), chances, {"article": 1.0})


def test_the_menu_goes_and_the_text_stays() -> None:
    text = text_of(f'<ul class="menu">{LINKS}</ul><article><h1>The last boats</h1>{ARTICLE}</article>')
    assert all(paragraph in text for paragraph in PARAGRAPHS)
    assert "Weather" not in text


def test_filter_content_drops_what_is_less_sure() -> None:
    shorter = 0
    for case in sorted(PAGES.glob("body-*")):
        page = (case / "input.html").read_bytes()
        full, strict = (
            "".join((extract(page, formats=("text",), filter_content=on).content["text"] or "").split())
            for on in (False, True)
        )
        assert bool(strict) == bool(full), case.name
        left = iter(full)
        assert all(letter in left for letter in strict), case.name
        shorter += len(strict) < len(full)
    assert shorter


def test_a_table_of_data_is_kept_as_a_whole() -> None:
    rows = "".join(f"<tr><td>{year}</td><td>{year - 1863}</td></tr>" for year in range(1874, 1880))
    table = f"<table><tr><th>Year</th><th>Boats</th></tr>{rows}</table>"
    text = text_of(f"<article><h1>The last boats</h1>{ARTICLE}{table}{ARTICLE.replace('The', 'A')}</article>")
    assert ("Boats" in text) == ("1879" in text)


def test_a_table_that_arranges_the_page_is_not_data() -> None:
    menu = '<td><a href="/1">Start</a><br><a href="/2">Archive</a><br><a href="/3">Guest book</a></td>'
    text = text_of(f"<table><tr>{menu}<td>{ARTICLE}</td></tr></table>")
    assert PARAGRAPHS[0] in text
    assert "Guest book" not in text


def test_an_image_stays_with_the_text_around_it() -> None:
    figure = '<figure><img src="/boat.jpg" alt="A boat"></figure>'
    document = Document(f"<body><article><h1>The last boats</h1>{ARTICLE}{figure}{ARTICLE}</article></body>")
    assert carve_body(document).element.find("img") is not None


@pytest.mark.parametrize(("link", "stays"), [("/index.html", False), ("/large/boat.jpg", True), (None, True)])
def test_before_all_text_a_picture_that_leads_to_another_page_is_a_logo(link: str | None, *, stays: bool) -> None:
    picture = '<img src="/boat.png" alt="A boat">'
    top = f"<div>{picture if link is None else f'<a href={link}>{picture}</a>'}</div>"
    carved = carve_body(Document(f"<body>{top}<article><h1>The last boats</h1>{ARTICLE}</article></body>"))
    assert (carved.element.find("img") is not None) == stays


def test_a_term_is_kept_with_its_meaning() -> None:
    term = "<dt><a href='/boats.html'>Boat</a><a href='/all.html'>source</a></dt>"
    document = Document(f"<body><ul>{LINKS}</ul><dl>{term}<dt>Ship</dt><dd>{ARTICLE}</dd></dl></body>")
    text = carve_body(document).element.to_text()
    assert PARAGRAPHS[1] in text
    assert "Boat" in text.split("\n")[0]
    assert "Ship" in text


@pytest.mark.parametrize("body", ["", "<script>x</script>", "<div> </div>", "<p></p>"])
def test_a_page_without_text_has_an_empty_body(body: str) -> None:
    carved = carve_body(Document(f"<html><body>{body}</body></html>"))
    assert (carved.element.text.strip(), carved.certainty, carved.page_type) == ("", 0.0, None)


def test_a_block_that_goes_leaves_the_lines_it_parted() -> None:
    parted = (
        "<div><span>Written at noon</span><div class=dot></div><span>Revised at night</span><div></div>by Ada</div>"
    )
    text = text_of(f"<article><h1>The last boats</h1>{ARTICLE}{parted}{ARTICLE.replace('The', 'A')}</article>")
    assert "Written at noon\nRevised at night\nby Ada" in text


@pytest.mark.parametrize(
    "box", ["<svg><path/></svg>", "<svg></svg><svg></svg>", "<select></select>", "<input type=checkbox>"]
)
def test_a_picture_or_field_parts_the_words_around_it(box: str) -> None:
    line = f"<p>For the last boats people voted 4.5{box}twelve times so far<svg></svg>.</p>"
    text = text_of(f"<article><h1>The last boats</h1>{ARTICLE}{line}{ARTICLE.replace('The', 'A')}</article>")
    assert "voted 4.5 twelve times so far." in text


@pytest.mark.parametrize(("said", "stays"), [(PARAGRAPHS[0], True), ("Yes.", False)])
def test_a_quotation_is_kept_with_who_said_it(said: str, *, stays: bool) -> None:
    quotation = f"<blockquote><p>{said}</p>Ingrid Moll, who owns the Petrel</blockquote>"
    carved = carve_body(Document(f"<body>{ARTICLE}{quotation}{ARTICLE}</body>"), judge=AgainstNames())
    assert ("Petrel" in carved.element.to_text()) == stays
    assert said in carved.element.to_text()


def test_an_article_set_in_as_a_quotation_is_none() -> None:
    article = f"<blockquote>{ARTICLE * 6}Ingrid Moll, who owns the Petrel</blockquote>"
    carved = carve_body(Document(f"<body>{article}</body>"), judge=AgainstNames())
    assert "Petrel" not in carved.element.to_text()


def test_the_footer_of_a_quotation_is_none_of_the_page() -> None:
    quotation = f"<blockquote><p>{PARAGRAPHS[0]}</p><footer>Ingrid Moll</footer></blockquote>"
    text = text_of(f"<article><h1>The last boats</h1>{ARTICLE}{quotation}{ARTICLE}</article><footer>Imprint</footer>")
    assert "Ingrid Moll" in text
    assert "Imprint" not in text


def test_a_rule_parts_the_content_and_not_the_page() -> None:
    page = f"<body><hr><h1>The last boats</h1>{ARTICLE}<hr>{ARTICLE}<hr><nav>{LINKS}</nav><hr></body>"
    assert extract(page, formats=("markdown",)).content["markdown"].count("\n---\n") == 1
