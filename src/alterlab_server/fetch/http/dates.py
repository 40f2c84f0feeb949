"""Dates in headers, as servers write them."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def parse_date(text: str) -> datetime | None:
    """The moment that an HTTP date names (RFC 9110, section 5.6.7), in UTC when it names no zone; None for no date."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a year of many digits
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)
