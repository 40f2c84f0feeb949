"""PDFs and images with text: what they give, what they cost, and which are refused."""

import PIL
import pytest
from tests.e2e.conftest import Client
from tests.site import HostileSite
from tests.site.documents import IMAGE_TEXT, SENTENCES
from tests.support.accounts import Account

from alterlab_server.extract.readers.ocr import installed_languages

needs_ocr = pytest.mark.skipif("eng" not in installed_languages(), reason="Tesseract's English data is not installed")


async def test_pdf_is_read_page_by_page(client: Client, site: HostileSite, account: Account) -> None:
    answer = await client.post("/scrape", json={"url": site.url("/document.pdf"), "mode": "pdf"})
    body = answer.json()
    assert answer.status_code == 200, body
    first, second = (body["content"]["markdown"].index(sentence) for sentence in SENTENCES)
    assert first < second
    assert body["title"] == "Harbour rules"
    assert await account.charges() == [3_000]


async def test_pdf_format_text_and_a_pdf_met_in_auto(client: Client, site: HostileSite) -> None:
    text = await client.post("/scrape", json={"url": site.url("/document.pdf"), "mode": "pdf", "pdf_format": "text"})
    assert text.json()["content"].keys() == {"text"}
    auto = await client.post("/scrape", json={"url": site.url("/document.pdf"), "formats": ["text"]})
    assert SENTENCES[0] in auto.json()["content"]["text"]


@pytest.mark.parametrize(
    ("path", "mode", "status", "code"),
    [
        ("/document/encrypted.pdf", "pdf", 422, "PDF_ENCRYPTED"),
        ("/document/broken.pdf", "pdf", 422, "PDF_BROKEN"),
        ("/article", "pdf", 415, "UNSUPPORTED_CONTENT_TYPE"),
        ("/article", "ocr", 415, "UNSUPPORTED_CONTENT_TYPE"),
        ("/image/sign.png", "auto", 415, "UNSUPPORTED_CONTENT_TYPE"),
        ("/image/broken.png", "ocr", 422, "IMAGE_BROKEN"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_free(
    client: Client, site: HostileSite, account: Account, path: str, mode: str, status: int, code: str
) -> None:
    answer = await client.post("/scrape", json={"url": site.url(path), "mode": mode})
    assert (answer.status_code, answer.json()["code"], answer.json()["url"]) == (status, code, site.url(path))
    assert await account.charges() in ([], [0])


async def test_a_screenshot_of_a_file_is_missed_with_a_reason_and_is_free(
    client: Client, site: HostileSite, account: Account
) -> None:
    advanced = {"render_js": True, "screenshot": True, "generate_pdf": True}
    body = {"url": site.url("/document.pdf"), "formats": ["text"], "advanced": advanced}
    got = (await client.post("/scrape", json=body)).json()
    assert (got["screenshot_url"], got["pdf_url"]) == (None, None)
    assert "screenshot could not be made" in got["warning"]
    assert "pdf could not be made" in got["warning"]
    assert await account.charges() == [4_000]


async def test_a_pdf_unchanged_is_no_text_and_says_so(client: Client, site: HostileSite) -> None:
    body = {"url": site.url("/document.pdf"), "formats": ["text", "raw"]}
    got = (await client.post("/scrape", json=body)).json()
    assert got["content"]["raw"] is None
    assert "no text" in got["content_errors"]["raw"]


@needs_ocr
async def test_image_is_read_with_boxes(client: Client, site: HostileSite, account: Account) -> None:
    answer = await client.post("/scrape", json={"url": site.url("/image/sign.png"), "mode": "ocr"})
    body = answer.json()
    assert answer.status_code == 200, body
    assert IMAGE_TEXT in body["content"]["text"]
    (result,) = body["ocr_results"]
    assert [box["text"] for box in result["boxes"]] == IMAGE_TEXT.split()
    assert result["boxes"][0]["x"] < result["boxes"][1]["x"]
    assert await account.charges() == [6_000]


@needs_ocr
async def test_an_image_without_a_word_costs_its_fetch_alone(
    client: Client, site: HostileSite, account: Account
) -> None:
    body = (await client.post("/scrape", json={"url": site.url("/image/blank.png"), "mode": "ocr"})).json()
    assert body["content"] == {"text": ""}
    assert await account.charges() == [200]


@needs_ocr
async def test_ocr_of_a_page_is_charged_when_an_image_had_text(
    client: Client, site: HostileSite, account: Account
) -> None:
    body = {"formats": ["text"], "advanced": {"ocr": True}}
    found = (await client.post("/scrape", json=body | {"url": site.url("/pictures")})).json()
    assert [result["image_url"] for result in found["ocr_results"]] == [site.url("/image/sign.png")]
    none = (await client.post("/scrape", json=body | {"url": site.url("/table")})).json()
    assert "ocr_results" not in none
    assert await account.charges() == [5_200, 200]


@needs_ocr
async def test_language_that_is_not_installed_names_those_that_are(client: Client, site: HostileSite) -> None:
    body = {"url": site.url("/image/sign.png"), "mode": "ocr", "ocr_language": "xyz"}
    answer = await client.post("/scrape", json=body)
    assert answer.status_code == 400
    assert "eng" in answer.json()["detail"]
    told = (await client.get("/health/ocr")).json()
    assert "eng" in told["languages"] == told["checks"]["ocr"]["languages"]
    assert (told["available"], told["message"]) == (True, "Text in images can be read.")
    assert told["tesseract_version"][0].isdigit()
    assert told["pillow_version"] == PIL.__version__
