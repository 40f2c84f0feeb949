"""A job as a caller's request makes it, to be accepted by the test."""

from datetime import datetime, timedelta

from tests.support.accounts import Account

from alterlab_server.base.clock import new_id
from alterlab_server.jobs.schemas import NewJob


def new_job(account: Account, now: datetime, *, held: int = 200) -> NewJob:
    """A job of the account, created `now` and due 90 seconds later, for which `held` microcents are to be held."""
    return NewJob(
        id=new_id(),
        organization_id=account.id,
        api_key_id=None,
        url="https://example.com/",
        host="example.com",
        mode="auto",
        request=b'{"url": "https://example.com/"}',
        held_microcents=held,
        created_at=now,
        deadline_at=now + timedelta(seconds=90),
    )
