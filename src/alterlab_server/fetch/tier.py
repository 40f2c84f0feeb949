"""What a tier is: a row in the table of tiers, and an object with one method."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from alterlab_server.base.page import Page
from alterlab_server.fetch.outcome import Failure
from alterlab_server.fetch.request import FetchRequest


@dataclass(frozen=True, slots=True)
class TierRow:
    """What is known of a tier before it is tried.

    `number` orders the tiers (3.5 lies between 3 and 4); `renders` says that it is a browser, `light` that it
    loads and does less than the caller's options say; `least_seconds` must be left of a time budget for it to be tried.
    """

    number: Decimal
    label: str
    price_microcents: int
    renders: bool = False
    light: bool = False
    solves_captcha: bool = False
    least_seconds: float = 0.0

    @property
    def name(self) -> str:
        """The number as the API writes it: "1", "3.5"."""
        return str(self.number)

    @property
    def full_page(self) -> bool:
        """Whether it renders pages just as the caller's options say."""
        return self.renders and not self.light


class Tier(Protocol):
    """A way to fetch. It returns what came, or why nothing came; it raises only for bugs."""

    async def fetch(self, request: FetchRequest, deadline: float) -> Page | Failure:
        """Fetch one page before `deadline` (seconds on the event loop's clock)."""
        ...

    async def close(self) -> None:
        """Free all connections and processes."""
        ...


TIERS: tuple[TierRow, ...] = (
    TierRow(Decimal("1"), "curl", 200),
    TierRow(Decimal("2"), "http", 300),
    TierRow(Decimal("3"), "stealth", 2_000, least_seconds=5.0),
    TierRow(Decimal("3.5"), "lightjs", 2_500, renders=True, light=True, least_seconds=8.0),
    TierRow(Decimal("4"), "browser", 4_000, renders=True, least_seconds=10.0),
    TierRow(Decimal("5"), "captcha", 20_000, renders=True, solves_captcha=True, least_seconds=20.0),
)
