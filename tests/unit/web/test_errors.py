"""Errors of validation name the fields as the caller wrote them."""

from typing import Any

import pytest
from pydantic import ValidationError

from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.extractions.schemas import ExtractRequest
from alterlab_server.scrape.schemas import ScrapeRequest
from alterlab_server.web.errors import MAX_PROBLEMS, retry_after, validation_error

URL = "https://example.com/"
WAIT = "advanced.actions.0.milliseconds"


@pytest.mark.parametrize(("seconds", "told"), [(0, 1), (0.2, 1), (1.2, 2), (60, 60), (60.1, 60), (1e12, 60)])
def test_who_waits_as_long_as_is_told_comes_not_too_early(seconds: float, told: int) -> None:
    assert retry_after(seconds) == told


@pytest.mark.parametrize(
    ("model", "given", "field"),
    [
        (CrawlRequest, {"output": {"type": "s3", "bucket": 1, "credentials": {}}}, "output.bucket"),
        (CrawlRequest, {"output": {"type": "gcs", "bucket": "results"}}, "output.credentials"),
        (CrawlRequest, {"output": {"type": "s3", "bucket": "b"}}, "output.bucket"),
        (CrawlRequest, {"output": {"type": "ftp"}}, "output"),
        (CrawlRequest, {"output": {"type": "webhook_stream"}}, "output.url"),
        (ScrapeRequest, {"formats": ["text", "nothing"]}, "formats.1"),
        (ScrapeRequest, {"mode": "js", "advanced": {"actions": [{"type": "wait"}, {"type": "click"}]}}, WAIT),
    ],
)
def test_the_path_is_the_callers(model: Any, given: dict[str, Any], field: str) -> None:
    body = {"url": URL} | given
    with pytest.raises(ValidationError) as caught:
        model.model_validate(body)
    problems = [{**problem, "loc": ("body", *problem["loc"])} for problem in caught.value.errors()]
    assert validation_error(problems, {"body": body}).details["field"] == field


def test_a_body_of_nothing_but_faults_has_a_short_answer() -> None:
    body = {"url": URL, "include_patterns": list(range(100)), "exclude_patterns": list(range(100))}
    with pytest.raises(ValidationError) as caught:
        CrawlRequest.model_validate(body)
    assert caught.value.error_count() > MAX_PROBLEMS
    assert len(validation_error(caught.value.errors(), body).details["errors"]) == MAX_PROBLEMS


@pytest.mark.parametrize("field", ["headers", "cookies", "budget"])
def test_of_an_object_with_thousands_of_faults_one_is_told(field: str) -> None:
    body = {"url": URL, field: {f"name-{number}": [] for number in range(50_000)}}
    with pytest.raises(ValidationError) as caught:
        CrawlRequest.model_validate(body)
    assert caught.value.error_count() == 1


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (ExtractRequest, {"content": "x", "formats": [0] * 10_000}),
        (ScrapeRequest, {"url": URL, "advanced": {"section_filter": {"exclude_content_types": [0] * 10_000}}}),
    ],
)
def test_a_list_without_end_has_one_fault(model: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(given)
    assert caught.value.error_count() == 1
