"""Job postings."""

from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.extract.structured.normalise.amounts import amount
from alterlab_server.extract.structured.normalise.text import plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.profiles.places import place
from alterlab_server.extract.structured.rules import Profile, Rule, without_empty


def salary(values: Sequence[Any], page: Page) -> dict[str, Any]:
    """A salary as {min, max, currency, period}, from a schema.org MonetaryAmount or a price text."""
    node = next((value for value in values if isinstance(value, Mapping)), None)
    if node is None:
        figure = next((amount(value) for value in values), None)
        return without_empty({"min": figure, "max": figure, "currency": reads.currency_code(values, page)})
    inner = node.get("value")
    inner = inner[0] if isinstance(inner, list) and inner else inner
    span = inner if isinstance(inner, Mapping) else {"value": inner}
    low, high = (amount(span.get(key) or span.get("value")) for key in ("minValue", "maxValue"))
    code = reads.currency_code([node.get("currency")], page)
    return without_empty({"min": low, "max": high, "currency": code, "period": plain(span.get("unitText"))})


JOB_POSTING = Profile(
    name="job_posting",
    type="JobPosting",
    schema_types=frozenset({"jobposting"}),
    rules=(
        Rule("title", reads.title, ("title", "name"), ("og:title", "twitter:title"), visible=reads.shown_title),
        Rule("company", reads.text, ("hiringOrganization", "employer"), ("og:site_name",)),
        Rule(
            "location",
            place,
            ("jobLocation", "jobLocation.address", "applicantLocationRequirements", "jobLocationType"),
        ),
        Rule("salary", salary, ("baseSalary", "estimatedSalary")),
        Rule("employment_type", reads.texts, ("employmentType",)),
        Rule("description", reads.text, ("description",), ("og:description", "description")),
        Rule(
            "requirements", reads.texts, ("qualifications", "experienceRequirements", "skills", "educationRequirements")
        ),
        Rule("responsibilities", reads.texts, ("responsibilities",)),
        Rule("published_at", reads.date, ("datePosted",), ("article:published_time",)),
        Rule("valid_through", reads.date, ("validThrough",)),
        Rule("url", reads.url, ("url",), ("og:url",)),
    ),
)
