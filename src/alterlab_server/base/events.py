"""What happened, told as values to whoever reacts (`app.reactions`)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""

    name: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class JobFinished(Event):
    """A job has ended, with success or not; told in the transaction that settled it."""

    name: ClassVar[str] = "job.finished"

    job_id: UUID
    organization_id: UUID
    succeeded: bool
