import hashlib
from types import SimpleNamespace
from typing import Any

import pytest

from alterlab_server.base.errors import BadRequest
from alterlab_server.extract import extract
from alterlab_server.extract.bounds import OUTPUT_CHARACTERS
from alterlab_server.extract.formats.rag import MAX_TOKENS, count_tokens
from alterlab_server.extract.quality import quality_warning

PAGE = (
    "<html><head><title>Boats</title><meta property='og:image' content='/hero.jpg'></head><body>"
    "<nav><a href='/home'>Home</a></nav><main><article><h1>The last boats</h1>"
    "<p>The harbour of Lowmark was built in 1874, when the railway came, and for eighty years it fed three towns.</p>"
    "<p><img src='/hero.jpg' alt='A boat'></p><h2>Fleet</h2>"
    "<p>Today eleven boats are left, and their owners, most of them past sixty, still meet at five each morning.</p>"
    "<table><tr><th>Year</th><th>Boats</th></tr><tr><td>1950</td><td>84</td></tr></table>"
    "<p>More about the fleet stands in the <a href='/book'>book of the harbour</a>, which the council printed.</p>"
    "<h2>Code</h2><p>The harbour office prints the tide of a day with a short script, which anyone may copy:</p>"
    "<pre><code class='language-sh'>tide --today</code></pre></article></main>"
    "<footer><a href='https://www.facebook.com/lowmark'>Facebook</a></footer></body></html>"
)
URL = "https://example.com/boats"


def made(name: str, **options: Any) -> Any:
    got = extract(PAGE, url=URL, formats=(name,), **options)
    assert got.errors == {}
    return got.content[name]


def test_json_v2_is_a_tree_of_sections() -> None:
    tree = made("json_v2")
    assert tree["title"] == "Boats" or tree["title"] == "The last boats"
    top = tree["sections"][0]
    assert (top["heading"], top["level"]) == ("The last boats", 1)
    assert [child["heading"] for child in top["children"]] == ["Fleet", "Code"]
    assert [block["type"] for block in top["children"][0]["blocks"]] == ["paragraph", "table", "paragraph"]
    assert tree["tables"] == [{"caption": None, "headers": ["Year", "Boats"], "rows": [["1950", "84"]]}]


def test_links_have_roles() -> None:
    roles = {link["url"]: link["role"] for link in made("json_v2")["links"]}
    assert roles == {
        "https://example.com/home": "nav",
        "https://example.com/book": "content",
        "https://www.facebook.com/lowmark": "social",
    }


def test_a_section_filter_drops_types_short_sections_and_headings() -> None:
    tree = made("json_v2", section_filter={"exclude_content_types": ["code", "table"], "min_content_blocks": 2})
    assert [child["heading"] for child in tree["sections"][0]["children"]] == ["Fleet"]
    bare = made("json_v2", section_filter={"content_only": True})
    assert "heading" not in bare["sections"][0]


@pytest.mark.parametrize(
    "wrong",
    [{"min_blocks": 1}, {"min_content_blocks": -1}, {"exclude_content_types": ["video"]}, {"content_only": "yes"}],
)
def test_a_section_filter_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="section_filter"):
        extract(PAGE, formats=("json_v2",), section_filter=wrong)


def test_rag_chunks_know_their_headings_and_their_place() -> None:
    markdown = extract(PAGE, url=URL, formats=("markdown",)).content["markdown"]
    chunks = made("rag")
    assert [chunk["index"] for chunk in chunks] == list(range(len(chunks)))
    assert chunks[-1]["heading_path"][0] == "The last boats"
    assert all(markdown[chunk["char_start"] : chunk["char_end"]] == chunk["text"] for chunk in chunks)


def test_rag_cuts_long_sections_at_sentences() -> None:
    long = "<p>" + "This sentence about the harbour of Lowmark is one of very many. " * 200 + "</p>"
    chunks = extract(f"<article><h1>Long</h1>{long}</article>", formats=("rag",)).content["rag"]
    assert len(chunks) > 3
    assert all(0 < chunk["token_count"] <= MAX_TOKENS for chunk in chunks)
    assert all(chunk["text"].endswith("many.") for chunk in chunks)


def test_rag_cuts_long_tables_and_code_between_lines_and_frames_each_part() -> None:
    rows = "".join(f"<tr><td>Berth {n}</td><td>Deep. Wide. Dry at low water.</td></tr>" for n in range(150))
    code = "\n\n".join(f"def berth_{n}(depth):\n    if depth:\n        return depth + {n}" for n in range(90))
    page = (
        f"<table><tr><th>Name</th><th>Use</th></tr>{rows}</table><pre><code class='language-python'>{code}</code></pre>"
    )
    got = extract(f"<article><h1>The berths</h1><p>They are many.</p>{page}</article>", formats=("rag", "markdown"))
    chunks = got.content["rag"]
    head, opening = "| Name | Use |\n| --- | --- |\n| Berth", "```python\ndef berth_"
    assert [chunk["text"].startswith((head, opening)) for chunk in chunks] == [False] + [True] * (len(chunks) - 1)
    assert all(chunk["token_count"] <= MAX_TOKENS and chunk["text"].endswith(("|", "```")) for chunk in chunks)
    places = [got.content["markdown"][chunk["char_start"] : chunk["char_end"]] for chunk in chunks]
    assert all(place in chunk["text"] for place, chunk in zip(places, chunks, strict=True))
    assert "".join("".join(places).split()) == "".join(got.content["markdown"].split())


@pytest.mark.parametrize("text", ["word " * 5_000, "x" * 30_000, "ab. " * 6_000])
def test_no_chunk_is_too_long(text: str) -> None:
    got = extract(f"<article><h1>Long</h1><p>{text}</p></article>", formats=("rag", "markdown")).content
    assert all(chunk["token_count"] <= MAX_TOKENS for chunk in got["rag"])
    assert all(got["markdown"][chunk["char_start"] : chunk["char_end"]] == chunk["text"] for chunk in got["rag"])


def test_tables_in_lists_quotes_and_disclosures_are_tables_of_the_page() -> None:
    table = "<table><tr><th>Size</th><th>Price</th></tr><tr><td>{0}</td><td>10</td></tr></table>"
    page = (
        f"<article><h1>Sizes</h1><p>The sizes of boats for sale.</p><ul><li>One{table.format('S')}</li></ul>"
        f"<blockquote>{table.format('M')}</blockquote><details><summary>More</summary>{table.format('L')}</details>"
        f"</article>"
    )
    tables = extract(page, formats=("json_v2",)).content["json_v2"]["tables"]
    assert [table["rows"] for table in tables] == [[["S", "10"]], [["M", "10"]], [["L", "10"]]]


def test_tokens_are_counted_in_pieces_of_words_and_signs() -> None:
    assert count_tokens("The harbourmaster, again.") == 1 + 3 + 1 + 1 + 1


def test_short_sections_are_joined_with_what_is_below_them_and_long_ones_are_not() -> None:
    words = " ".join(f"word{number}" for number in range(60))
    for above, chunks in (("A few words.", 1), (f"{words}.", 2)):
        page = f"<article><h1>All</h1><p>{above}</p><h2>Part</h2><p>{words}, of the part.</p></article>"
        got = extract(page, formats=("rag",)).content["rag"]
        assert [chunk["heading_path"] for chunk in got] == [["All"], ["All", "Part"]][:chunks]


def test_content_has_a_hash_of_its_markdown() -> None:
    got = made("content")
    assert got["content_hash"] == hashlib.sha256(got["body_markdown"].encode()).hexdigest()
    assert got == made("content")
    assert got["images"] == [{"url": "https://example.com/hero.jpg", "alt": "A boat", "role": "hero"}]
    assert got["word_count"] > 40


def test_quality_counts_words_and_warns_of_thin_pages() -> None:
    good = extract(PAGE, formats=("text",))
    assert good.quality_warning is None
    assert good.content_quality is not None
    assert good.content_quality["image_count"] == 1
    thin = extract("<p>Please wait.</p>", formats=("text",))
    assert thin.quality_warning is not None
    assert thin.quality_warning["code"] == "thin_content"
    assert thin.quality_warning["content_size_bytes"] == 19


@pytest.mark.parametrize(
    ("words", "certainty", "code"),
    [
        (49, 1.0, "thin_content"),
        (50, 1.0, None),
        (50, 0.34, "uncertain_content"),
        (50, 0.36, None),
        (49, 0.34, "thin_content"),
    ],
)
def test_what_is_warned_of(words: int, certainty: float, code: str | None) -> None:
    body: Any = SimpleNamespace(certainty=certainty)
    warning = quality_warning({"word_count": words}, body, 1_000)
    assert (warning and warning["code"]) == code


def test_words_are_counted_where_none_are_spaced() -> None:
    sentence = "今日の東京は朝から晴れて、気温は二十度まで上がる見込みです。"
    got = extract(f"<article><h1>東京の天気</h1>{f'<p>{sentence * 2}</p>' * 8}</article>", formats=("content",))
    assert got.quality_warning is None
    assert got.content_quality is not None
    assert got.content_quality["word_count"] == got.content["content"]["word_count"]
    assert 100 < got.content_quality["word_count"] < 300


def test_neighbouring_blocks_are_not_counted_as_one_word() -> None:
    got = extract("<table>" + "<tr><td>one</td><td>two</td></tr>" * 30 + "</table>", formats=("text",))
    assert got.content_quality is not None
    assert got.content_quality["word_count"] == 60


def test_rag_cuts_text_without_spaces_at_sentences() -> None:
    sentence = "今日の東京は朝から晴れて、気温は二十度まで上がる見込みです。"
    got = extract(f"<article><h1>天気</h1><p>{sentence * 80}</p></article>", formats=("rag", "markdown")).content
    chunks = got["rag"]
    assert len(chunks) > 3
    assert all(count_tokens(chunk["text"]) <= MAX_TOKENS and chunk["text"].endswith("。") for chunk in chunks)
    assert all(got["markdown"][chunk["char_start"] : chunk["char_end"]] == chunk["text"] for chunk in chunks)


def test_a_large_page_is_cut_and_says_so() -> None:
    large = "<article>" + "<p>The harbour of Lowmark was built in 1874, when the railway came.</p>" * 40_000
    got = extract(large, formats=("text", "raw"))
    assert got.content_truncated is not None
    assert got.content_truncated["truncation_reason"] == "readability_input_cap"
    assert got.content_truncated["original_size_bytes"] == len(large)
    assert got.content["raw"] == large


def test_a_format_longer_than_the_cap_is_cut_at_a_line_and_says_so() -> None:
    # Each sign is escaped in markdown, which makes it longer than the page.
    large = "<article>" + f"<p>{'x*y ' * 200}</p>" * 2_500 + "</article>"
    got = extract(large, formats=("markdown",))
    markdown = got.content["markdown"]
    assert OUTPUT_CHARACTERS - 2_000 <= len(markdown) <= OUTPUT_CHARACTERS
    assert markdown.endswith("y\n")
    assert got.content_truncated is not None
    assert got.content_truncated["truncation_reason"] == "readability_output_cap"
    assert got.content_truncated["truncated_at_bytes"] == len(markdown)
    assert got.content_truncated["original_size_bytes"] > OUTPUT_CHARACTERS


@pytest.mark.parametrize("href", ["http://[your site]/", "//[", "http://exam\u2100ple.com/"])
def test_a_link_that_is_no_address_spoils_no_other(href: str) -> None:
    page = f"<p>The <a href='{href}'>harbour</a> and the <a href='quay.html'>quay</a> of the town are old.</p>"
    found = extract(page, url="https://example.com/boats/", formats=("html", "markdown"))
    assert 'href="https://example.com/boats/quay.html"' in found.content["html"]
    assert "(https://example.com/boats/quay.html)" in found.content["markdown"]
    assert found.errors == {}


@pytest.mark.parametrize(("start", "number"), [("7", 7), ("0" * 12 + "9" * 5_000, 1), ("²", 1), ("-3", 1)])
def test_a_list_begins_with_a_number_that_markdown_has(start: str, number: int) -> None:
    page = f"<p>The boats of the town, the largest first:</p><ol start='{start}'><li>Petrel, built in 1874</ol>"
    found = extract(page, formats=("markdown", "json_v2", "text"))
    assert f"{number}. Petrel" in found.content["markdown"]
    assert found.errors == {}
