"""The table of signs by which a page that is not what it should be is known.

Which wrong answer is the cheap one? A good page called blocked costs a climb to a dearer tier; a block page called
good is billed and read as content. So a sign needs evidence that an ordinary page does not carry: a status or header
that only the vendor sends, or its markers on a page with hardly any text. A page that merely writes about a vendor,
or loads its script, has text of its own and is left alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alterlab_server.base.page import Page
from alterlab_server.fetch.outcome import Verdict
from alterlab_server.fetch.sketch import Sketch

REFUSING = (401, 403, 405, 406, 429, 503)
"""Statuses with which firewalls refuse."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One row. It holds when every kind of evidence that it names is there; of several texts one is enough.

    `statuses`: the status is one of them. `headers`: name to a text that the value holds (lower case, "" for any).
    `title`: a text that the title holds. `markers`: a text that the markup holds (lower case). `phrases`: a text that
    the visible words hold. `max_words`: the page has no more visible words than that.
    """

    name: str
    verdict: Verdict
    vendor: str | None = None
    statuses: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    markers: tuple[bytes, ...] = ()
    phrases: tuple[str, ...] = ()
    max_words: int = 150

    def holds(self, page: Page, seen: Sketch) -> bool:
        """Whether `page`, of which `seen` is the sketch, shows this sign."""
        return (
            (not self.statuses or page.status in self.statuses)
            and seen.words <= self.max_words
            and all(text in page.headers.get(name, "\0").lower() for name, text in self.headers.items())
            and (not self.title or any(text in seen.title for text in self.title))
            and (not self.markers or any(text in seen.markup for text in self.markers))
            and (not self.phrases or any(text in seen.text for text in self.phrases))
        )


SIGNS: tuple[Sign, ...] = (
    Sign("cloudflare-mitigated", Verdict.CHALLENGE, "cloudflare", headers={"cf-mitigated": "challenge"}),
    Sign(
        "cloudflare-challenge",
        Verdict.CHALLENGE,
        "cloudflare",
        title=("just a moment", "attention required"),
        markers=(b"/cdn-cgi/challenge-platform/", b"cf-chl-", b"_cf_chl_opt"),
    ),
    Sign(
        "cloudflare-block",
        Verdict.BLOCKED,
        "cloudflare",
        statuses=REFUSING,
        markers=(b"cf-error-details", b"cf-wrapper"),
        phrases=("you have been blocked", "access denied", "error 1020"),
    ),
    Sign(
        "captcha-wall",
        Verdict.CAPTCHA,
        markers=(b"g-recaptcha", b"h-captcha", b"cf-turnstile"),
        phrases=("are you a robot", "not a robot", "you are human", "unusual traffic", "security check"),
    ),
    Sign(
        "generic-block",
        Verdict.BLOCKED,
        statuses=(*REFUSING, 200),
        title=("access denied", "access to this page has been denied", "request blocked", "blocked"),
        max_words=80,
    ),
)


def first_sign(page: Page, seen: Sketch) -> Sign | None:
    """The first row of the table that holds."""
    return next((sign for sign in SIGNS if sign.holds(page, seen)), None)
