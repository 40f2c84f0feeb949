"""What is held for a crawl: the pre-debit, and more when pages turn out dearer than expected."""

from uuid import UUID, uuid5

from alterlab_server.base.errors import PaymentRequired
from alterlab_server.billing import service as billing
from alterlab_server.crawl.plan import CrawlPlan, PagePrice
from alterlab_server.crawl.values import CrawlRow
from alterlab_server.db import Transaction

# A further hold is at least this share of what is held, so that there are few of them.
_STEP = 10


def pre_debit(plan: CrawlPlan, price: PagePrice) -> int:
    """Microcents held at the start: all pages at the expected price, one at the highest, within `max_credits`."""
    wanted = max(plan.most_pages * price.expected, price.most)
    return wanted if plan.cost_limit is None else min(wanted, plan.cost_limit)


def covered_pages(plan: CrawlPlan, price: PagePrice) -> int:
    """How many pages the pre-debit covers at the expected price."""
    return min(plan.most_pages, pre_debit(plan, price) // price.expected)


class Purse:
    """The holds of a crawl while pages are leased: each leased page is covered at its highest price."""

    def __init__(self, crawl: CrawlRow, limit: int | None, price: PagePrice) -> None:
        self._crawl = crawl
        self._limit = limit
        self._price = price
        self.holds = list(crawl.holds)
        self.short_of = "balance"

    async def cover(self, transaction: Transaction, used: int, leased: int, want: int) -> int:
        """How many of `want` pages may be leased; holds more when that is needed and the balance allows it."""
        most = max(1, self._price.most)
        for pages in (want, 1):
            needed = used + (leased + pages) * most
            for amount in (max(needed - self._held, self._held // _STEP), needed - self._held):
                if needed <= self._held or await self._hold(transaction, amount):
                    break
        return max(0, min(want, (self._held - used) // most - leased))

    def rest(self, used: int) -> int:
        """What is left for one page while none is leased: 0 when it would not cover a page at its expected price."""
        left = self._held - used
        return left if left >= max(1, self._price.expected) else 0

    @property
    def _held(self) -> int:
        return sum(self.holds)

    async def _hold(self, transaction: Transaction, amount: int) -> bool:
        if self._limit is not None and self._held + amount > self._limit:
            amount = self._limit - self._held
            self.short_of = "max_credits"
        if amount <= 0:
            return False
        try:
            await billing.hold(transaction, self._crawl.organization_id, amount, hold_id(self._crawl, len(self.holds)))
        except PaymentRequired:
            return False
        self.holds.append(amount)
        return True


def hold_id(crawl: CrawlRow, number: int) -> UUID:
    """What the ledger calls the holds of a crawl: the first has the crawl's own id."""
    return crawl.id if number == 0 else uuid5(crawl.id, f"hold {number}")


async def settle(transaction: Transaction, crawl: CrawlRow) -> None:
    """End all holds of a crawl, and charge what its pages have cost."""
    left = crawl.used_microcents
    for number, held in enumerate(crawl.holds):
        charged = min(left, held)
        left -= charged
        await billing.settle(transaction, crawl.organization_id, held, charged, hold_id(crawl, number))
