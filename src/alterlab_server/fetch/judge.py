"""The judge: is this page what the caller asked for, and if not, what is it?"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from alterlab_server.base.page import Page
from alterlab_server.fetch import kinds
from alterlab_server.fetch.kinds import content_kind
from alterlab_server.fetch.outcome import Judgement, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.signs import first_sign
from alterlab_server.fetch.sketch import Sketch, sketch

_READABLE = frozenset((kinds.HTML, kinds.XML, kinds.JSON, kinds.TEXT))
ACCEPTED_KINDS: Mapping[str, frozenset[str]] = {
    "auto": _READABLE | {kinds.PDF},
    "html": _READABLE,
    "js": _READABLE,
    "pdf": frozenset((kinds.PDF,)),
    "ocr": frozenset((kinds.IMAGE,)),
}
"""Which kinds of content each mode of the API can read."""

STATUS_VERDICTS: Mapping[int, Verdict] = {
    401: Verdict.LOGIN_REQUIRED,
    402: Verdict.PAYWALL,
    404: Verdict.NOT_FOUND,
    410: Verdict.NOT_FOUND,
    429: Verdict.RATE_LIMITED,
}

_SHELL_WORDS = 40
_NEARLY_NO_WORDS = 10
_THIN_WORDS = 15
_HEAVY_BYTES = 10_240
_APP_ROOTS = (
    *(b'id="root"', b"id='root'", b"id=root", b'id="app"', b"id='app'", b"id=app", b'id="__next"', b'id="__nuxt"'),
    *(b"<app-root", b"ng-app", b'id="svelte"', b'id="main-app"', b"data-reactroot", b"data-server-rendered"),
)
_ASKS_FOR_SCRIPT = ("javascript", "java script")


def judge(page: Page, request: FetchRequest, mode: str = "auto", now: datetime | None = None) -> Judgement:
    """The verdict on a page that a tier brought back for `request` in one of the API's modes."""
    kind = content_kind(page)
    seen = sketch(page.body, scripting=page.rendered) if kind in {kinds.HTML, kinds.TEXT} else Sketch(markup=b"")
    sign = first_sign(page, seen)
    retry_after = _retry_after(page, now or datetime.now(UTC))
    if sign is not None:
        by = f" by {sign.vendor}" if sign.vendor else ""
        reason = f"The page is not the content but a {sign.verdict.replace('_', ' ')} page{by} ({sign.name})."
        return Judgement(sign.verdict, reason, sign.vendor, retry_after)
    by_status = _by_status(page.status)
    if by_status is not None:
        return Judgement(by_status, f"The target answered with status {page.status}.", retry_after=retry_after)
    return _by_content(page, request, kind, seen, mode)


def _by_status(status: int) -> Verdict | None:
    if 200 <= status < 300:
        return None
    if status >= 500:
        return Verdict.SERVER_ERROR
    return STATUS_VERDICTS.get(status, Verdict.BLOCKED if status >= 400 else Verdict.EMPTY)


def _by_content(page: Page, request: FetchRequest, kind: str, seen: Sketch, mode: str) -> Judgement:
    if not page.body.strip():
        if request.method == "GET":
            return Judgement(Verdict.EMPTY, "The target answered with an empty body.")
        return Judgement(Verdict.GOOD)
    if kind not in ACCEPTED_KINDS[mode]:
        named = page.content_type or "an unnamed binary type"
        return Judgement(Verdict.WRONG_TYPE, f"The content is {named}, which mode {mode} does not read.")
    if page.truncated and kind in {kinds.PDF, kinds.IMAGE}:
        return Judgement(Verdict.TOO_LARGE, "The file is larger than max_response_bytes and useless in part.")
    if kind == kinds.HTML:
        return _by_text(page, seen)
    return Judgement(Verdict.GOOD)


def _by_text(page: Page, seen: Sketch) -> Judgement:
    if seen.ends_inside and not page.truncated:
        return Judgement(Verdict.CUT, "The page ends in the middle of its markup.")
    if not seen.whole:
        return Judgement(Verdict.GOOD)
    if not page.rendered and _is_shell(seen):
        return Judgement(Verdict.NEEDS_JAVASCRIPT, "The page holds hardly any text and builds itself by script.")
    if seen.words == 0 and seen.media == 0:
        return Judgement(Verdict.EMPTY, "The page shows neither text nor media.")
    if seen.words < _THIN_WORDS and seen.media == 0 and len(page.body) > _HEAVY_BYTES and not page.rendered:
        return Judgement(Verdict.THIN, f"The page shows {seen.words} words in {len(page.body)} bytes.")
    return Judgement(Verdict.GOOD)


def _is_shell(seen: Sketch) -> bool:
    if seen.scripts == 0 or seen.words > _SHELL_WORDS:
        return False
    asks = any(word in seen.noscript for word in _ASKS_FOR_SCRIPT)
    rooted = any(root in seen.markup for root in _APP_ROOTS)
    return asks or rooted or (seen.words < _NEARLY_NO_WORDS and seen.media == 0)


def _retry_after(page: Page, now: datetime) -> float | None:
    """The Retry-After header in seconds, given as a number or as a date (RFC 9110, section 10.2.3)."""
    value = page.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
