"""Every event of the spec arrives in its shape, at whoever asked for it, and at nobody else."""

import contextlib
from uuid import UUID

import orjson
from tests.integration.webhooks.conftest import SEALER, Subscribe, Tell
from tests.support.accounts import Account, new_account
from tests.support.jobs import new_job
from tests.support.receiver import Receiver

from alterlab_server.app.reactions import Reactions
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.base.events import (
    BatchAccepted,
    BatchFinished,
    CrawlAccepted,
    CrawlFinished,
    CrawlPagesFinished,
    JobAccepted,
    JobFinished,
    PageFinished,
    WebhookTarget,
)
from alterlab_server.db import Database
from alterlab_server.jobs import service as jobs
from alterlab_server.jobs.schemas import ClaimedJob, Ending, JobError
from alterlab_server.webhooks.tasks import DeliverTask

RESULT = {"url": "https://example.com/", "status_code": 200, "content": "text", "billing": {"total_credits": 1}}
DONE = Ending(charged_microcents=200, result=orjson.dumps(RESULT))
REACTIONS = Reactions(SEALER, utc_now)
LOST = Ending(error=JobError(403, "BLOCKED_BY_ANTIBOT", "The page is blocked."))


async def begun_job(database: Database, account: Account, *targets: WebhookTarget) -> ClaimedJob:
    """A job that was accepted with these webhooks and has begun."""
    new = new_job(account, utc_now())
    async with database.transaction() as transaction:
        await REACTIONS.publish(transaction, JobAccepted(new.id, account.id, targets))
        await jobs.accept(transaction, new, "test.none", SEALER, 1000)
    async with database.statement() as connection:
        claimed = await jobs.begin(connection, new.id, utc_now())
    assert claimed is not None
    return claimed


async def finished_job(database: Database, account: Account, ending: Ending, *targets: WebhookTarget) -> UUID:
    """The same, and it has ended, as the service has it."""
    claimed = await begun_job(database, account, *targets)
    async with database.transaction() as transaction:
        assert await jobs.finish(transaction, claimed, ending, utc_now(), REACTIONS.publish)
    return claimed.id


def finished_batch(organization_id: UUID, batch_id: UUID) -> BatchFinished:
    return BatchFinished(batch_id, organization_id, "completed", total=1, completed=1, failed=0)


async def test_a_completed_job_is_told_in_the_envelope_and_flat(
    database: Database, account: Account, receiver: Receiver, deliver: DeliverTask
) -> None:
    job_id = await finished_job(database, account, DONE, WebhookTarget(receiver.url("/job")))
    await deliver(account.id.bytes)
    body = receiver.on("/job")[0].json
    told = {
        "job_id": str(job_id),
        "url": "https://example.com/",
        "status": "completed",
        "result": {**RESULT, "job_id": str(job_id)},
        "error": None,
        "completed_at": body["completed_at"],
    }
    assert body == {**told, "event": "job.completed", "timestamp": body["timestamp"], "data": told}
    assert body["timestamp"].endswith("Z")


async def test_a_failed_job_is_told_with_its_error(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, deliver: DeliverTask
) -> None:
    await subscribe(receiver.url("/failed"), "job.failed")
    await subscribe(receiver.url("/completed"), "job.completed")
    await finished_job(database, account, LOST)
    await deliver(account.id.bytes)
    await deliver(account.id.bytes)
    body = receiver.on("/failed")[0].json
    assert body["event"] == "job.failed"
    assert (body["status"], body["result"], body["error"]) == ("failed", None, "The page is blocked.")
    assert body["error_code"] == "BLOCKED_BY_ANTIBOT"
    assert body["failed_at"] == body["completed_at"]
    assert not receiver.on("/completed")


async def test_a_job_of_a_batch_names_its_batch_to_whoever_wants_jobs(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    await subscribe(receiver.url("/account"), "job.*")
    batch_id = new_id()
    targets = (
        WebhookTarget(receiver.url("/batch"), events=("batch.completed",)),
        WebhookTarget(receiver.url("/all")),
    )
    await tell(BatchAccepted(batch_id, account.id, targets))
    job_id = await finished_job(database, account, DONE)
    await tell(JobFinished(job_id, account.id, succeeded=True, batch_id=batch_id))
    for _ in range(4):
        await deliver(account.id.bytes)
    assert receiver.on("/account")[1].json["batch_id"] == f"batch_{batch_id}"
    assert receiver.on("/all")[0].json["data"]["batch_id"] == f"batch_{batch_id}"
    assert not receiver.on("/batch")


async def test_a_batch_is_told_when_it_has_ended(
    account: Account, receiver: Receiver, tell: Tell, deliver: DeliverTask
) -> None:
    batch_id = new_id()
    target = WebhookTarget(receiver.url("/batch"), events=("batch.completed",))
    await tell(BatchAccepted(batch_id, account.id, (target,)))
    await tell(BatchFinished(batch_id, account.id, "partial", total=3, completed=2, failed=1))
    await deliver(account.id.bytes)
    body = receiver.on("/batch")[0].json
    data = {"batch_id": f"batch_{batch_id}", "status": "partial", "total": 3, "completed": 2, "failed": 1}
    assert body == {"event": "batch.completed", "timestamp": body["timestamp"], "data": data}


async def test_a_crawl_is_told_from_start_to_end(
    account: Account, receiver: Receiver, tell: Tell, deliver: DeliverTask
) -> None:
    crawl_id = new_id()
    targets = (
        WebhookTarget(receiver.url("/all"), metadata={"source": "nightly"}),
        WebhookTarget(receiver.url("/end"), events=("crawl.completed",)),
    )
    pages = (
        PageFinished("https://example.com/a", succeeded=True, summary={"tier": "1"}, result=b'{"title":"A"}'),
        PageFinished("https://example.com/b", succeeded=False, summary={"error": "no"}),
    )
    await tell(CrawlAccepted(crawl_id, account.id, "https://example.com/", targets))
    await tell(CrawlPagesFinished(crawl_id, account.id, pages))
    await tell(CrawlFinished(crawl_id, account.id, "cancelled", {"total": 2, "completed": 1}))
    await tell(CrawlFinished(crawl_id, account.id, "failed", {"total": 2}))
    for _ in range(6):
        await deliver(account.id.bytes)
    bodies = {received.json["event"]: received.json for received in receiver.on("/all")}
    assert sorted(bodies) == [
        "crawl.completed",
        "crawl.failed",
        "crawl.page.completed",
        "crawl.page.failed",
        "crawl.started",
    ]
    assert all(body["metadata"] == {"source": "nightly"} for body in bodies.values())
    assert all(body["data"]["crawl_id"] == str(crawl_id) for body in bodies.values())
    assert bodies["crawl.page.completed"]["data"]["tier"] == "1"
    assert bodies["crawl.page.failed"]["data"]["error"] == "no"
    assert bodies["crawl.completed"]["data"]["status"] == "cancelled"
    assert [received.json["event"] for received in receiver.on("/end")] == ["crawl.completed"]


async def test_another_account_and_an_inactive_webhook_hear_nothing(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    await subscribe(receiver.url("/hook"), is_active=False)
    stranger = await new_account(database)
    await tell(JobAccepted(account.id, account.id, (WebhookTarget(receiver.url("/given")),)))
    await tell(finished_batch(stranger.id, account.id))
    await tell(finished_batch(account.id, stranger.id))
    await deliver(account.id.bytes)
    await deliver(stranger.id.bytes)
    assert not receiver.received


async def test_what_is_rolled_back_is_never_told(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, deliver: DeliverTask
) -> None:
    await subscribe(receiver.url("/hook"))
    with contextlib.suppress(LookupError):
        async with database.transaction() as transaction:
            await Reactions(SEALER, utc_now).publish(transaction, finished_batch(account.id, new_id()))
            raise LookupError
    await deliver(account.id.bytes)
    assert not receiver.received


async def test_a_job_ends_unheard_only_when_nobody_may_hear(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe
) -> None:
    end_unheard = jobs.EndUnheard(REACTIONS.heard)
    plain, given = (
        await begun_job(database, account),
        await begun_job(database, account, WebhookTarget(receiver.url("/"))),
    )
    stranger = await begun_job(database, await new_account(database, dollars=1))
    await subscribe(receiver.url("/inactive"), is_active=False)
    async with database.statement() as connection:
        assert await end_unheard(connection, plain, DONE, utc_now())
        assert not await end_unheard(connection, plain, DONE, utc_now())
        assert not await end_unheard(connection, given, DONE, utc_now())
    await subscribe(receiver.url("/failed"), "job.failed")
    heard = await begun_job(database, account)
    async with database.statement() as connection:
        assert not await end_unheard(connection, heard, DONE, utc_now())
        assert await end_unheard(connection, stranger, DONE, utc_now())
        left = await jobs.statuses(connection, account.id, [plain.id, given.id, heard.id])
    assert left == {plain.id: "completed", given.id: "running", heard.id: "running"}
    async with database.transaction() as transaction:
        for job in (given, heard):
            assert await jobs.finish(transaction, job, DONE, utc_now(), REACTIONS.publish)
    assert await account.charges() == [200] * 3
