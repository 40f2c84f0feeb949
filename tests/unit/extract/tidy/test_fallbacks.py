"""What stands in `<noscript>`: left out beside what scripts show, kept where it is all there is."""

from alterlab_server.extract import extract

PROSE = "<p>We set out early in the morning, when the hills were still covered with a thin white fog.</p>" * 4
FORMATS = ("text", "markdown", "html", "json_v2")


def test_a_notice_for_browsers_without_scripts_is_no_content() -> None:
    page = f"<article><h1>A walk</h1>{PROSE}<noscript>Please enable JavaScript to comment.</noscript>{PROSE}</article>"
    content = extract(page, formats=FORMATS).content
    assert not any("JavaScript" in str(content[name]) for name in FORMATS)


def test_an_image_that_a_script_loads_has_the_address_of_its_fallback_once() -> None:
    lazy = (
        "<figure><img src='data:image/gif;base64,R0' alt=hill><noscript><img src='/a.jpg' alt=hill></noscript></figure>"
    )
    content = extract(f"<article>{PROSE}{lazy}{PROSE}</article>", formats=FORMATS, url="https://example.com/").content
    assert content["markdown"].count("![hill](https://example.com/a.jpg)") == 1
    assert content["html"].count('src="https://example.com/a.jpg"') == 1
    assert [image["url"] for image in content["json_v2"]["images"]] == ["https://example.com/a.jpg"]


def test_html_shows_images_that_a_script_would_load() -> None:
    lazy = "<img src='data:image/gif;base64,R0' data-src='/b.jpg' alt=sea>"
    html = extract(f"<article>{PROSE}<p>{lazy}</p>{PROSE}</article>", formats=("html",), url="https://e.com/").content
    assert 'src="https://e.com/b.jpg"' in html["html"]


def test_the_content_of_a_shell_may_stand_there() -> None:
    content = extract(f"<div id=app></div><noscript><h1>A walk</h1>{PROSE * 3}</noscript>", formats=FORMATS).content
    assert content["markdown"].startswith("# A walk\n\nWe set out")
    assert "white fog" in content["html"]
