import pytest

from alterlab_server.extract import extract
from alterlab_server.extract.document import Document


def test_links_are_joined_to_the_base_of_the_page() -> None:
    document = Document('<base href="/docs/"><p>', "https://example.com/start")
    assert document.absolute("a b") == "https://example.com/docs/a%20b"
    assert document.absolute("mailto:x@example.com") is None
    assert Document("<p>").absolute("relative") is None


@pytest.mark.parametrize("base", ["http://[", "http://exa mple/", "data:text/html,", "javascript:void(0)"])
def test_a_base_that_is_no_address_is_ignored_as_browsers_do(base: str) -> None:
    page = f'<base href="{base}"><p>The <a href="quay.html">quay</a> of the town is old.</p>'
    found = extract(page, url="https://example.com/boats/", formats=("html", "markdown"))
    assert 'href="https://example.com/boats/quay.html"' in found.content["html"]
    assert "(https://example.com/boats/quay.html)" in found.content["markdown"]


def test_meta_values_keep_all_their_occurrences() -> None:
    document = Document('<meta property="og:image" content=1><meta property="OG:image" content=2><meta name=x>')
    assert document.meta == {"og:image": ("1", "2")}
    assert document.first_meta("twitter:image", "og:image") == "1"


def test_the_declared_language_is_an_ietf_tag() -> None:
    assert Document('<html lang="de-AT">').language == "de-AT"
    assert Document('<meta property="og:locale" content="en_GB">').language == "en-GB"
    assert Document("<p>").language is None
