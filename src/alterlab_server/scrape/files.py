"""The files that a scrape makes beside its answer: screenshot and PDF."""

from datetime import datetime
from uuid import UUID

from alterlab_server.base.page import Page
from alterlab_server.jobs.schemas import JobFile

# By the name under which a tier returns it: folder, suffix, media type, and the field of the answer with its URL.
KINDS = {
    "screenshot": ("screenshots", "png", "image/png", "screenshot_url"),
    "pdf": ("pdfs", "pdf", "application/pdf", "pdf_url"),
}


def files_of(page: Page, job_id: UUID, now: datetime) -> tuple[JobFile, ...]:
    """The page's files under keys such as `screenshots/2026-11-21/<job id>.png`."""
    return tuple(
        JobFile(f"{folder}/{now:%Y-%m-%d}/{job_id}.{suffix}", content_type, page.files[name])
        for name, (folder, suffix, content_type, _) in KINDS.items()
        if name in page.files
    )


def file_urls(files: tuple[JobFile, ...], public_url: str) -> dict[str, str | None]:
    """The answer's URL fields, None where there is no such file."""
    by_folder = {file.key.partition("/")[0]: f"{public_url.rstrip('/')}/downloads/{file.key}" for file in files}
    return {field: by_folder.get(folder) for folder, _, _, field in KINDS.values()}
