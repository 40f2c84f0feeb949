"""The one seam for time, identifiers and randomness; tests pass their own."""

import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present moment, with time zone UTC."""
    return datetime.now(UTC)


def new_id() -> uuid.UUID:
    """A fresh random identifier (UUID version 4)."""
    return uuid.uuid4()


def new_token(alphabet: str, length: int) -> str:
    """A secret of `length` characters drawn from `alphabet` by the system's randomness."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with a final `Z` and at most milliseconds, as every time on the wire is written."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z")
