"""Signs that lie in the content itself: a page that was cut, is built by script, or shows nothing.

They are looked for in HTML pages with a good status, when no sign of `vendors` or `walls` holds.
"""

from collections.abc import Callable
from dataclasses import dataclass

from alterlab_server.base.page import Page
from alterlab_server.fetch.outcome import Verdict
from alterlab_server.fetch.sketch import Sketch

_SHELL_WORDS = 40
_NEARLY_NO_WORDS = 10
_THIN_WORDS = 15
_HEAVY_BYTES = 10_240
_ROOT_BYTES = 200
_APP_ROOTS = (
    *(b'id="root"', b"id='root'", b"id=root", b'id="app"', b"id='app'", b"id=app", b'id="__next"', b'id="__nuxt"'),
    *(b"<app-root", b'id="svelte"', b'id="main-app"', b'id="react-root"', b'id="q-app"', b'id="application"'),
)
_ASKS_FOR_SCRIPT = ("javascript", "java script")


@dataclass(frozen=True, slots=True)
class ContentSign:
    """One row: `holds` looks at the page and its sketch, and `reason` is the sentence for the caller."""

    name: str
    verdict: Verdict
    reason: str
    holds: Callable[[Page, Sketch], bool]


def _is_cut(page: Page, seen: Sketch) -> bool:
    return seen.ends_inside and not page.truncated


def _is_shell(page: Page, seen: Sketch) -> bool:
    if page.rendered or not seen.whole or seen.scripts == 0 or seen.words > _SHELL_WORDS:
        return False
    own_words = seen.words - len(seen.noscript.split())
    asks = any(word in seen.noscript for word in _ASKS_FOR_SCRIPT) and own_words < _THIN_WORDS
    rooted = any(_is_empty_root(seen.markup, root) for root in _APP_ROOTS)
    return asks or rooted or (seen.words < _NEARLY_NO_WORDS and seen.media == 0)


def _is_empty_root(markup: bytes, root: bytes) -> bool:
    """Whether the element with `root` in its tag is there and closes at once."""
    at = markup.find(root)
    inside = markup.find(b">", at) + 1
    return at >= 0 < inside and markup[inside : inside + _ROOT_BYTES].lstrip().startswith(b"</")


def _is_blank(_: Page, seen: Sketch) -> bool:
    return seen.whole and seen.words == 0 and seen.media == 0


def _is_thin(page: Page, seen: Sketch) -> bool:
    heavy = len(page.body) > _HEAVY_BYTES
    return not page.rendered and seen.whole and heavy and seen.words < _THIN_WORDS and seen.media == 0


CONTENT: tuple[ContentSign, ...] = (
    ContentSign("cut", Verdict.CUT, "The page ends in the middle of its markup.", _is_cut),
    ContentSign(
        "script-shell",
        Verdict.NEEDS_JAVASCRIPT,
        "The page holds hardly any text and builds itself by script.",
        _is_shell,
    ),
    ContentSign("blank", Verdict.EMPTY, "The page shows neither text nor media.", _is_blank),
    ContentSign("thin", Verdict.THIN, "The page shows only a few words in much markup.", _is_thin),
)
"""All rows; the first that holds decides."""
