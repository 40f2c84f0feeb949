"""The table of signs by which a page that is not what it should be is known.

Which wrong answer is the cheap one? A good page called blocked costs a climb to a dearer tier; a block page called
good is billed and read as content. So a sign needs evidence that an ordinary page does not carry: a status or header
that only the vendor sends, or its markers on a page with hardly any text. A page that merely writes about a vendor,
or loads its script, has text of its own and is left alone.

A new sign is a new row in `vendors`, `walls` or `content`, and a folder `tests/pages/sign-<name>/` with a page that
shows it and one that does not.
"""

from alterlab_server.base.page import Page
from alterlab_server.fetch.signs.content import CONTENT, ContentSign
from alterlab_server.fetch.signs.sign import Sign
from alterlab_server.fetch.signs.vendors import VENDORS
from alterlab_server.fetch.signs.walls import WALLS
from alterlab_server.fetch.sketch import Sketch

__all__ = ["CONTENT", "SIGNS", "ContentSign", "Sign", "first_sign"]

SIGNS: tuple[Sign, ...] = VENDORS + WALLS
"""The rows that speak of any page; the first that holds decides."""


def first_sign(page: Page, seen: Sketch) -> Sign | None:
    """The first row of the table that holds for `page`, of which `seen` is the sketch."""
    return next((sign for sign in SIGNS if sign.holds(page, seen)), None)
