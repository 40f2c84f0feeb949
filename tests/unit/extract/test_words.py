"""What a reader sees of words."""

from alterlab_server.extract import extract
from alterlab_server.extract.words import visible

PROSE = "<p>We set out early in the morning, when the hills were still covered with a thin white fog.</p>" * 4
WORDS = "Berg&shy;wander&shy;weg, Hill&#8203;Walk, a&#8288;&#65279;b, می‌روم, 10&nbsp;000 m"


def test_places_to_break_words_are_not_seen() -> None:
    assert visible("Berg\u00adweg Hill\u200bWalk a\u2060\ufeffb") == "Bergweg HillWalk ab"
    assert visible("ភាសា\u200bខ្មែរ") == "ភាសា\u200bខ្មែរ"
    assert visible("می\u200cروم 👩\u200d🚀") == "می\u200cروم 👩\u200d🚀"


def test_all_formats_write_words_as_they_are_seen() -> None:
    title = "<title>Der Berg&shy;weg</title><h1>Der Berg&shy;weg</h1>"
    page = extract(f"{title}<article>{PROSE}<p>{WORDS}</p>{PROSE}</article>", formats=("text", "markdown", "json_v2"))
    seen = "Bergwanderweg, HillWalk, ab, می‌روم, 10 000 m"
    assert seen in str(page.content["text"])
    assert seen.replace("10 ", "10\xa0") in str(page.content["markdown"])
    assert str(page.content["markdown"]).startswith("# Der Bergweg\n")
    assert seen in {block["text"] for block in page.content["json_v2"]["sections"][0]["blocks"]}
