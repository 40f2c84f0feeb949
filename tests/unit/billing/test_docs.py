"""docs/usage.md states the prices as they are."""

import re
from pathlib import Path

from alterlab_server.base.money import MICROCENTS_PER_DOLLAR
from alterlab_server.billing.prices import (
    ADD_ON_CREDITS,
    DIFF_CREDITS,
    DOCUMENT_MICROCENTS,
    EXTRACT_LARGE_CHARS,
    EXTRACT_LARGE_MICROCENTS,
    EXTRACT_MICROCENTS,
    MAP_MICROCENTS,
    WRITE_METHOD_FACTOR,
)
from alterlab_server.billing.rate_tiers import rate_tier
from alterlab_server.fetch.tier import TIERS


def test_the_table_of_prices(checkout: Path) -> None:
    page = (checkout / "docs" / "usage.md").read_text(encoding="utf-8")
    tiers = f"| a page by tier {', '.join(row.name for row in TIERS)} |"
    assert f"{tiers} {', '.join(f'{row.price_microcents:,}' for row in TIERS)} microcents; half as much again" in page
    assert str(WRITE_METHOD_FACTOR) == "1.5"
    documents = ", ".join(str(price // 1000) for price in DOCUMENT_MICROCENTS.values())
    assert f"| {', '.join(f'`{name}`' for name in ADD_ON_CREDITS)} |" in page.replace("besides: ", "")
    assert f"| {', '.join(map(str, ADD_ON_CREDITS.values()))} credits, for what was delivered |" in page
    assert f"modes {', '.join(f'`{name}`' for name in DOCUMENT_MICROCENTS)} | {documents} credits at least |" in page
    diffs = f"{', '.join(map(str, DIFF_CREDITS.values()))} credits"
    assert f"| {MAP_MICROCENTS // 1000} credit; {diffs} |" in page
    assert f"| {EXTRACT_MICROCENTS:,} microcents, twice that above a million characters |" in page
    assert (EXTRACT_LARGE_CHARS, EXTRACT_LARGE_MICROCENTS) == (1_000_000, EXTRACT_MICROCENTS)


def test_the_table_of_rate_tiers(checkout: Path) -> None:
    page = (checkout / "docs" / "usage.md").read_text(encoding="utf-8")
    rows = [tuple(map(int, row)) for row in re.findall(r"^\| \$(\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)]
    assert len(rows) == 5
    for dollars, *limits in rows:
        tier = rate_tier(dollars * MICROCENTS_PER_DOLLAR, None)
        assert (tier.least_microcents, tier.requests_per_minute, tier.concurrent_requests) == (
            dollars * MICROCENTS_PER_DOLLAR,
            *limits,
        )
