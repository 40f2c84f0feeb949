"""When an item of a batch may ask its host: it shares the host's slot with crawls and maps (docs/decisions/0012)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alterlab_server.base.clock import Clock
from alterlab_server.base.url import parse_url
from alterlab_server.db import Database, Listener
from alterlab_server.frontier.address import split
from alterlab_server.hosts.slots import LONGEST_WAIT, StoredSlots
from alterlab_server.jobs.schemas import Ending

ASKED_TOO_MUCH = 429


@dataclass(frozen=True, slots=True)
class HostTurns:
    """The slots of hosts as the items of batches see them."""

    database: Database
    slowed_hosts: Listener
    clock: Clock

    async def wait(self, url: str) -> timedelta | None:
        """Wait until the page may be asked for; how long to put it off instead when that would take too long."""
        authority = _authority(url)
        with self.slowed_hosts.subscribed() as told:
            slots = StoredSlots(self.database, self.clock, told)
            if await slots.wait(authority, 0.0, LONGEST_WAIT):
                return None
            return timedelta(seconds=slots.busy[authority] - self.clock().timestamp())

    async def answered(self, url: str, sent_at: datetime, ending: Ending) -> None:
        """Tell all that ask the host, when it has answered that it is asked too much."""
        if ending.target_status != ASKED_TOO_MUCH or ending.error is None:
            return
        with self.slowed_hosts.subscribed() as told:
            slots = StoredSlots(self.database, self.clock, told)
            wait = ending.error.details.get("retry_after")
            await slots.slow_down(_authority(url), 0.0, sent_at.timestamp(), wait)


def _authority(url: str) -> str:
    return split(parse_url(url).without_fragment).authority
