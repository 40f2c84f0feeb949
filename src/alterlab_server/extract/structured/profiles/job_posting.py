"""Job postings."""

from collections.abc import Mapping, Sequence
from typing import Any

from alterlab_server.extract.structured.found import Found
from alterlab_server.extract.structured.normalise.amounts import amount
from alterlab_server.extract.structured.normalise.text import plain
from alterlab_server.extract.structured.page import Page
from alterlab_server.extract.structured.profiles import reads
from alterlab_server.extract.structured.profiles.places import place
from alterlab_server.extract.structured.rules import Profile, Rule, without_empty
from alterlab_server.extract.structured.visible.pay import salary_in

# Of addresses, titles and headings, by which most pages are told from postings at once.
_WORDS = tuple(
    (
        "job|career|vacanc|hiring|stelle|karriere|emploi|recrut|carrière|empleo|vacante|lavor|vacature|werken|"
        "praca|pracy|karier|vaga|emprego|(m/|/d)|/x)|h/f"
    ).split("|")
)


def salary(values: Sequence[Any], page: Page) -> dict[str, Any]:
    """A salary as {min, max, currency, period}, from a schema.org MonetaryAmount or a price text."""
    node = next((value for value in values if isinstance(value, Mapping)), None)
    if node is None:
        said = (salary_in(plain(value) or "", page.country) for value in values)
        if pay := next(filter(None, said), None):
            return dict(pay)
        figure = next((amount(value) for value in values), None)
        return without_empty({"min": figure, "max": figure, "currency": reads.currency_code(values, page)})
    inner = node.get("value", node)
    inner = inner[0] if isinstance(inner, list) and inner else inner
    span = inner if isinstance(inner, Mapping) else {"value": inner}
    low, high = (
        amount(span.get(f"{end}Value") or span.get(end) or span.get("value") or span.get("amount"))
        for end in ("min", "max")
    )
    code = reads.currency_code([node.get("currency")], page)
    return without_empty({"min": low, "max": high, "currency": code, "period": plain(span.get("unitText"))})


def _company(page: Page) -> Found | None:
    """The company that the page shows; else whose site it is."""
    site = plain(page.document.first_meta("og:site_name"))
    return page.posting.company or (Found(site, "meta", site) if site else None)


def _is_posting(page: Page) -> bool:
    """Whether the page is called something of a job, and looks like one."""
    return page.is_called(_WORDS) and page.posting.is_posting


JOB_POSTING = Profile(
    name="job_posting",
    type="JobPosting",
    schema_types=frozenset({"jobposting"}),
    recognise=_is_posting,
    rules=(
        Rule("title", reads.title, ("title", "name"), ("og:title", "twitter:title"), visible=reads.shown_title),
        Rule(
            "company",
            reads.text,
            ("hiringOrganization", "employer"),
            visible=_company,
            state=("company", "companyName", "employer", "organization"),
        ),
        Rule(
            "location",
            place,
            ("jobLocation", "jobLocation.address", "applicantLocationRequirements", "jobLocationType"),
            visible=lambda page: page.posting.location,
            state=("location", "jobLocation", "locationName", "city"),
        ),
        Rule(
            "salary",
            salary,
            ("baseSalary", "estimatedSalary"),
            visible=lambda page: page.posting.salary,
            state=("salary", "baseSalary", "compensation"),
        ),
        Rule(
            "employment_type",
            reads.texts,
            ("employmentType",),
            visible=lambda page: page.posting.employment_type,
            state=("employmentType", "jobType", "contractType"),
        ),
        Rule(
            "description",
            reads.text,
            ("description",),
            ("og:description", "description"),
            visible=lambda page: page.posting.description,
            state=("description", "jobDescription", "body"),
        ),
        Rule(
            "requirements",
            reads.texts,
            ("qualifications", "experienceRequirements", "skills", "educationRequirements"),
            visible=lambda page: page.posting.requirements,
        ),
        Rule(
            "responsibilities",
            reads.texts,
            ("responsibilities",),
            visible=lambda page: page.posting.responsibilities,
        ),
        Rule(
            "published_at",
            reads.date,
            ("datePosted",),
            ("article:published_time",),
            visible=lambda page: page.posting.date("published_at"),
            state=("datePosted", "postedAt", "publishedAt", "createdAt"),
        ),
        Rule(
            "valid_through",
            reads.date,
            ("validThrough",),
            visible=lambda page: page.posting.date("valid_through"),
            state=("validThrough", "expiresAt", "deadline", "closingDate"),
        ),
        Rule("url", reads.url, ("url",), ("og:url",)),
    ),
)
