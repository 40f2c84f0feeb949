"""The prices that are not a tier's own (those stand in `fetch.tier.TIERS`). Credits are a tenth of a cent."""

from decimal import Decimal

from alterlab_server.base.money import MICROCENTS_PER_CREDIT

# Add-ons of a scrape by the name of the field that asks for them, in credits.
ADD_ON_CREDITS = {"screenshot": 1, "generate_pdf": 2, "ocr": 5, "use_proxy": 1}

# A diff of a crawled page against its earlier version, by the mode of the comparison.
DIFF_CREDITS = {"content": 1, "structured": 2}

# A document costs at least this, whatever tier fetched it.
DOCUMENT_MICROCENTS = {"pdf": 3 * MICROCENTS_PER_CREDIT, "ocr": 6 * MICROCENTS_PER_CREDIT}

# An extraction of content that the caller brings, what a prompt adds, and what content above a size adds.
EXTRACT_MICROCENTS = 2_500
EXTRACT_PROMPT_MICROCENTS = 1_000
EXTRACT_LARGE_MICROCENTS = 2_500
EXTRACT_LARGE_CHARS = 1_000_000

# A request that may change something at the target costs half as much again as a GET.
WRITE_METHOD_FACTOR = Decimal("1.5")

# A map of a site, however many URLs it has.
MAP_MICROCENTS = MICROCENTS_PER_CREDIT
