from dataclasses import replace
from datetime import UTC, datetime

from tests.support.accounts import Account
from tests.support.jobs import new_job

from alterlab_server.base.clock import new_id
from alterlab_server.batch.turns import AT_A_TIME, take_turns
from alterlab_server.db import Database
from alterlab_server.jobs.schemas import NewJob


def _jobs(*hosts: str) -> list[NewJob]:
    account = Account(new_id(), "", Database("postgresql://unused.invalid/"))
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    return [replace(new_job(account, moment), host=host) for host in hosts]


def test_only_hosts_with_many_items_take_turns() -> None:
    few, many = ["few.test"] * AT_A_TIME, ["many.test"] * (AT_A_TIME + 2)
    jobs = _jobs(*few, *many)
    turns = take_turns(jobs)
    assert [turn.job_id for turn in turns] == [job.id for job in jobs if job.host == "many.test"]
    assert [turn.queued for turn in turns] == [True] * AT_A_TIME + [False] * 2
    assert [turn.position for turn in turns] == list(range(len(few), len(jobs)))


def test_a_small_batch_takes_no_turns() -> None:
    assert take_turns(_jobs("one.test", "other.test")) == []
