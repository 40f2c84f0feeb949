"""The judge: is this page what the caller asked for, and if not, what is it?"""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from alterlab_server.base.page import Page
from alterlab_server.fetch import kinds
from alterlab_server.fetch.http.dates import parse_date
from alterlab_server.fetch.kinds import content_kind, declared_kind
from alterlab_server.fetch.outcome import Judgement, Verdict
from alterlab_server.fetch.request import FetchRequest
from alterlab_server.fetch.signs import CONTENT, first_sign
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

_REGISTERED = frozenset(HTTPStatus)
_LONGEST_WAIT = 365 * 86_400.0  # a number of many digits would become infinite, which JSON cannot say
_SKETCHED = frozenset((kinds.HTML, kinds.TEXT, kinds.JSON))  # some vendors refuse in JSON when JSON was asked for
STATUS_VERDICTS: Mapping[int, Verdict] = {
    401: Verdict.LOGIN_REQUIRED,
    402: Verdict.PAYWALL,
    404: Verdict.NOT_FOUND,
    408: Verdict.SERVER_ERROR,
    410: Verdict.NOT_FOUND,
    429: Verdict.RATE_LIMITED,
    **dict.fromkeys((400, 405, 409, 411, 413, 414, 415, 416, 417, 422, 424, 428, 431, 451), Verdict.REJECTED),
}
"""What a status says when the page shows no sign. REJECTED is what speaks of the request and not of who sends it, so
that no dearer tier helps; so is a redirect to nowhere. The rest of the 4xx may be a firewall's, as 406, 412 and 418
often are.
"""


def judge(page: Page, request: FetchRequest, mode: str = "auto", now: datetime | None = None) -> Judgement:
    """The verdict on a page that a tier brought back for `request` in one of the API's modes."""
    kind = content_kind(page)
    seen = sketch(page.body) if kind in _SKETCHED else Sketch(markup=b"")
    sign = first_sign(page, seen)
    wait = retry_after(page, now or datetime.now(UTC))
    if sign is not None:
        by = f" by {sign.vendor}" if sign.vendor else ""
        reason = f"The page is not the content but a {sign.verdict.replace('_', ' ')} page{by} ({sign.name})."
        return Judgement(sign.verdict, reason, sign.vendor, wait)
    by_status = _by_status(page.status)
    if by_status is not None:
        return Judgement(by_status, f"The target answered with status {_named(page.status)}.", retry_after=wait)
    return _by_content(page, request, kind, seen, mode)


def _by_status(status: int) -> Verdict | None:
    if 200 <= status < 300:
        return None
    if status >= 500:
        return Verdict.SERVER_ERROR
    return STATUS_VERDICTS.get(status, Verdict.BLOCKED if status >= 400 else Verdict.REJECTED)


def _named(status: int) -> str:
    return f"{status} ({HTTPStatus(status).phrase})" if status in _REGISTERED else str(status)


def _by_content(page: Page, request: FetchRequest, kind: str, seen: Sketch, mode: str) -> Judgement:
    if not page.body.strip() and not page.rendered:
        if request.method == "GET":
            return Judgement(Verdict.EMPTY, "The target answered with an empty body.")
        return Judgement(Verdict.GOOD)
    if kind not in ACCEPTED_KINDS[mode]:
        named = page.content_type or "an unnamed binary type"
        if declared_kind(page.content_type) not in {kind, None}:
            named = f"{kind} data called {named}"
        return Judgement(Verdict.WRONG_TYPE, f"The content is {named}, which mode {mode} does not read.")
    if page.truncated and kind in {kinds.PDF, kinds.IMAGE}:
        return Judgement(Verdict.TOO_LARGE, "The file is larger than max_response_bytes and useless in part.")
    if kind == kinds.HTML and (sign := next((row for row in CONTENT if row.holds(page, seen)), None)):
        return Judgement(sign.verdict, sign.reason)
    return Judgement(Verdict.GOOD)


def retry_after(page: Page, now: datetime) -> float | None:
    """The Retry-After header in seconds, given as a number or as a date (RFC 9110, section 10.2.3); a year at most."""
    value = page.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return min(float(value), _LONGEST_WAIT)
    moment = parse_date(value)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), _LONGEST_WAIT)
