"""The files that a scrape makes beside its answer: screenshot, PDF, and the screenshots of actions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from alterlab_server.base.page import Page
from alterlab_server.jobs.schemas import JobFile

_PNG = ("screenshots", "png", "image/png")
_PDF = ("pdfs", "pdf", "application/pdf")


def files_of(page: Page, job_id: UUID, now: datetime) -> dict[str, JobFile]:
    """The page's files by their names at the tier, under keys such as `screenshots/2026-11-21/<job id>.png`."""
    files = {}
    for name, body in page.files.items():
        folder, suffix, content_type = _PDF if name == "pdf" else _PNG
        part = f"-{name}" if name.startswith("action_") else ""
        files[name] = JobFile(f"{folder}/{now:%Y-%m-%d}/{job_id}{part}.{suffix}", content_type, body)
    return files


def url_of(file: JobFile | None, public_url: str) -> str | None:
    """Where its owner can fetch a file."""
    return download_path(file.key, public_url) if file else None


def download_path(key: str, public_url: str) -> str:
    """Where this server gives out the object of a key, to its owner."""
    return f"{public_url.rstrip('/')}/downloads/{key}"


def with_urls(
    results: Sequence[Mapping[str, Any]], files: Mapping[str, JobFile], public_url: str
) -> list[Mapping[str, Any]]:
    """The results of actions, those of type screenshot with the URL of what they made."""
    return [
        {**row, "result": {"screenshot_url": url_of(files.get(row["result"]["file"]), public_url)}}
        if row["type"] == "screenshot" and row["success"]
        else row
        for row in results
    ]
