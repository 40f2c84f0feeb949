"""What a row of the table of signs says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alterlab_server.base.page import Page
from alterlab_server.fetch.outcome import Verdict
from alterlab_server.fetch.sketch import Sketch

REFUSING = (401, 403, 405, 406, 418, 429, 503)
"""Statuses with which firewalls refuse."""

BLOCK_PAGE_WORDS = 150
"""Block and challenge pages of the vendors say less than this; the longest recorded one has some 110 words."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One row. It holds when every kind of evidence that it names is there; of several texts one is enough.

    `statuses`: the status is one of them. `headers`: name to a text in its value ("" for any value). `title`: a text
    in the title. `markers` and `also`: texts in the markup. `phrases`: a text in the visible words. `sent_to`: a text
    in the final URL, up to its "?", that was not in the requested one. `max_words`: the page shows no more words than
    that. All texts are in lower case.
    """

    name: str
    verdict: Verdict
    vendor: str | None = None
    statuses: tuple[int, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    title: tuple[str, ...] = ()
    markers: tuple[bytes, ...] = ()
    also: tuple[bytes, ...] = ()
    phrases: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    max_words: int = BLOCK_PAGE_WORDS

    def holds(self, page: Page, seen: Sketch) -> bool:
        """Whether `page`, of which `seen` is the sketch, shows this sign."""
        return (
            (not self.statuses or page.status in self.statuses)
            and seen.words <= self.max_words
            and all(name in page.headers and text in page.headers[name].lower() for name, text in self.headers.items())
            and (not self.title or any(text in seen.title for text in self.title))
            and (not self.markers or any(text in seen.markup for text in self.markers))
            and (not self.also or any(text in seen.markup for text in self.also))
            and (not self.phrases or any(text in seen.text for text in self.phrases))
            and (not self.sent_to or self._was_sent(page))
        )

    def _was_sent(self, page: Page) -> bool:
        asked, final = page.url.lower(), "".join(page.final_url.lower().partition("?")[:2])
        return any(text in final and text not in asked for text in self.sent_to)
