import json
import re
from pathlib import Path

from alterlab_server.batch.schemas import BatchRequest
from alterlab_server.crawl.schemas import CrawlRequest


def test_every_field_of_a_crawl_is_documented(checkout: Path) -> None:
    page = (checkout / "docs" / "crawling.md").read_text(encoding="utf-8")
    assert [name for name in CrawlRequest.model_fields if f"`{name}`" not in page] == []


def test_the_examples_of_requests_are_valid(checkout: Path) -> None:
    page = (checkout / "docs" / "crawling.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert examples
    for example in map(json.loads, examples):
        if "urls" in example:
            batch = BatchRequest.model_validate(example)
            assert [batch.scrape(index).url for index in range(2)]
        else:
            CrawlRequest.model_validate(example)
