from typing import Any

import pytest

from alterlab_server.base.errors import BadRequest
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.supported import NEEDS_A_SERVER, refuse_without_server

URL = "https://a.test/"
HOOK = "https://a.test/hook"
GIVEN: dict[str, dict[str, Any]] = {
    "advanced.generate_pdf": {"advanced": {"generate_pdf": True}},
    "advanced.screenshot": {"advanced": {"screenshot": True}},
    "cache": {"cache": True},
    "change_tracking.enabled": {"change_tracking": {"enabled": True}},
    "output": {"output": {"type": "webhook_stream", "url": HOOK}},
    "screenshot": {"screenshot": True},
    "storage": {"storage": "s3"},
    "template": {"template": "product"},
    "webhook": {"webhook": {"url": HOOK}},
    "webhook_url": {"webhook_url": HOOK},
}


@pytest.mark.parametrize("field", [*NEEDS_A_SERVER, "screenshot"])
def test_a_crawl_without_a_server_refuses_what_only_a_server_has(field: str) -> None:
    with pytest.raises(BadRequest) as refused:
        refuse_without_server(CrawlRequest.model_validate({"url": URL, **GIVEN[field]}))
    assert str(refused.value.details["field"]).endswith(field)


def test_what_it_can_do_is_not_refused() -> None:
    asked = {"url": URL, "extraction_template": "product", "evidence": True, "advanced": {"render_js": True}}
    refuse_without_server(CrawlRequest.model_validate(asked))
