"""What a crawl asks of its pages."""

from typing import Any
from uuid import UUID

import pytest

from alterlab_server.crawl.plan import make_plan
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.scrape.cache import key
from alterlab_server.scrape.schemas import PageRequest, ScrapeRequest

URL = "https://a.test/"
ORGANIZATION = UUID(int=1)

# A value for each field of a page, in the places where clients put it, none of them its default.
PAGES: list[dict[str, Any]] = [
    {"mode": "html", "formats": ["rag"], "include_raw_html": True, "filter_content": True, "max_response_bytes": 0},
    {"cache": True, "cache_ttl": 60, "force_refresh": True, "evidence": True, "promote_schema_org": False},
    {"cost_controls": {"max_tier": "3", "max_credits": 7}, "location": {"country": "DE", "language": "de"}},
    {"headers": {"X-A": "b"}, "cookies": {"a": "b"}, "sticky_session": "cart", "sticky_session_ttl": 300},
    {"session_id": "550e8400-e29b-41d4-a716-446655440000", "embeddings": {"model": "small"}},
    {"extraction_schema": {"a": "string"}, "extraction_profile": "article", "extraction_prompt": "What is it?"},
    {"extraction_template": "product", "template": "mine", "extraction_model": "m", "extraction_provider": "groq"},
    {"wait_for": "#a", "wait_until": "load", "enable_scroll": False, "pdf_format": "text", "ocr_language": "deu"},
    {"advanced": {"render_js": True, "screenshot": True}, "screenshot": True},
    {"section_filter": {"content_only": True}, "render_js": "auto", "actions": [{"type": "scroll"}]},
    {"advanced": {"wait_for": "#a", "headers": {"X-A": "b"}, "cookies": "a=b", "block_images": False}},
    {"advanced": {"section_filter": {"min_content_blocks": 2}, "markdown": True, "wait_condition": "load"}},
]


@pytest.mark.parametrize("fields", PAGES, ids=lambda value: str(value)[:60])
def test_a_page_of_a_crawl_is_a_scrape_with_the_same_fields(fields: dict[str, Any]) -> None:
    defaults = {"cache_ttl": 900, "formats": ["markdown", "json"], "sync": False}
    scrape = ScrapeRequest.model_validate({**defaults, **fields, "url": URL})
    asked = CrawlRequest.model_validate({**fields, "url": URL})
    page = make_plan(asked).page
    assert page.model_dump() == scrape.model_dump()
    assert key(ORGANIZATION, page) == key(ORGANIZATION, scrape)
    # As the worker reads it from the crawl's row.
    stored = CrawlRequest.model_validate_json(asked.model_dump_json(exclude_defaults=True))
    assert make_plan(stored).page.model_dump() == scrape.model_dump()


def test_every_field_of_a_page_is_tried() -> None:
    assert set(PageRequest.model_fields) - {name for fields in PAGES for name in fields} == set()


@pytest.mark.parametrize(
    "asked", [{"screenshot": True}, {"advanced": {"screenshot": True}}, {"advanced": {"generate_pdf": True}}]
)
def test_a_page_whose_picture_is_wanted_is_rendered(asked: dict[str, Any]) -> None:
    assert make_plan(CrawlRequest.model_validate({"url": URL, **asked})).page.advanced.render_js is True


@pytest.mark.parametrize("asked", [{"timeout": 7, "delay": 3}, {"advanced": {"timeout": 7, "delay": 3}}])
def test_time_of_a_page_is_given_in_advanced_or_beside_it(asked: dict[str, Any]) -> None:
    advanced = CrawlRequest.model_validate({"url": URL, **asked}).advanced
    assert (advanced.timeout, advanced.delay) == (7, 3)


@pytest.mark.parametrize(
    ("asked", "pages"),
    [
        ({}, 50),
        ({"max_depth": 0}, 1),
        ({"max_depth": 0, "sitemap": "only"}, 50),
        ({"budget": {"/a*": 2, "*": 5}}, 7),
        ({"budget": {"/a*": 2}}, 50),
        ({"budget": {"*": 70}}, 50),
    ],
    ids=str,
)
def test_how_many_pages_a_crawl_can_have(asked: dict[str, Any], pages: int) -> None:
    assert make_plan(CrawlRequest.model_validate({"url": URL, **asked})).most_pages == pages


@pytest.mark.parametrize(("pages", "known"), [(1, 10_000), (500, 10_000), (1_000, 20_000)])
def test_how_many_addresses_a_crawl_may_know(pages: int, known: int) -> None:
    assert make_plan(CrawlRequest(url=URL, max_pages=pages)).max_discovered == known
