"""Deliveries: retried, bounded per host, fenced, and never lost with their worker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from tests.integration.webhooks.conftest import AT_ONCE, SEALER, Subscribe, Tell
from tests.support.accounts import Account
from tests.support.receiver import Receiver
from tests.support.waiting import PATIENCE, eventually_async

from alterlab_server.base.clock import utc_now
from alterlab_server.base.events import BatchFinished, CrawlFinished, JobAccepted, WebhookTarget
from alterlab_server.base.sealing import KEY_BYTES, Sealer
from alterlab_server.db import Database, raw
from alterlab_server.db.locks import serialise
from alterlab_server.queue import DELIVERIES, QueueWorker
from alterlab_server.webhooks import delivering, sender
from alterlab_server.webhooks.repository import account as webhooks
from alterlab_server.webhooks.repository import deliveries
from alterlab_server.webhooks.schemas import Attempt, Delivery, DeliveryOptions
from alterlab_server.webhooks.sender import Sender
from alterlab_server.webhooks.tasks import DeliverTask


def finished(account: Account, number: int = 0) -> BatchFinished:
    return BatchFinished(account.id, account.id, "completed", total=number, completed=number, failed=0)


async def kept(database: Database, account: Account, webhook_id: UUID) -> list[Delivery]:
    async with database.transaction() as transaction:
        return await deliveries.list_of(transaction, account.id, webhook_id, 100)


@asynccontextmanager
async def working(database: Database, deliver: DeliverTask) -> AsyncIterator[None]:
    """A queue worker that makes deliveries, as a worker process has one."""
    worker = QueueWorker(database.dsn, {delivering.TASK: deliver}, concurrency=64, lane=DELIVERIES)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await task


async def test_a_receiver_that_answers_2xx_has_it_once(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    webhook_id, secret = await subscribe(receiver.url("/hook"))
    receiver.answers["/hook"] = [202]
    await tell(finished(account, 7))
    for _ in range(3):
        await deliver(account.id.bytes)
    (received,) = receiver.on("/hook")
    body = received.verified(secret)
    data = {"batch_id": f"batch_{account.id}", "status": "completed", "total": 7, "completed": 7, "failed": 0}
    assert body == {"event": "batch.completed", "timestamp": body["timestamp"], "data": data}
    assert received.headers["x-alterlab-event"] == "batch.completed"
    assert received.headers["content-type"] == "application/json"
    (delivery,) = await kept(database, account, webhook_id)
    assert (delivery.status, [attempt.status_code for attempt in delivery.attempts]) == ("delivered", [202])


@pytest.mark.parametrize("status", [404, 503, 301, 307])
async def test_three_attempts_each_recorded_then_given_up(
    database: Database,
    account: Account,
    receiver: Receiver,
    subscribe: Subscribe,
    tell: Tell,
    deliver: DeliverTask,
    status: int,
) -> None:
    webhook_id, secret = await subscribe(receiver.url("/hook"))
    receiver.answers["/hook"] = [status] * 9
    await tell(finished(account))
    for _ in range(5):
        await deliver(account.id.bytes)
    assert len(receiver.on("/hook")) == 3
    assert not receiver.on("/elsewhere"), "a redirect is not followed"
    assert {received.headers["webhook-id"] for received in receiver.on("/hook")} == {
        receiver.on("/hook")[0].headers["webhook-id"]
    }
    assert {received.body for received in receiver.on("/hook")} == {receiver.on("/hook")[0].body}
    receiver.on("/hook")[2].verified(secret)
    (delivery,) = await kept(database, account, webhook_id)
    assert delivery.status == "failed"
    assert [attempt.error for attempt in delivery.attempts] == [f"The receiver answered {status}."] * 3


async def test_the_pause_grows_and_nothing_is_sent_before_its_time(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, sender: Sender
) -> None:
    hourly = DeliverTask(database, SEALER, sender, DeliveryOptions(retry_delay=timedelta(hours=1)), utc_now)
    await subscribe(receiver.url("/hook"))
    receiver.answers["/hook"] = [500, 500]
    await tell(finished(account))
    for _ in range(3):
        await hourly(account.id.bytes)
    assert len(receiver.on("/hook")) == 1
    await _make_due(database)
    await hourly(account.id.bytes)
    async with database.transaction() as transaction:
        pauses = await raw(transaction).fetch(
            "SELECT execute_after - created AS pause FROM deliveries_pgqueuer WHERE execute_after > now() ORDER BY id"
        )
    assert [round(row["pause"] / timedelta(hours=1)) for row in pauses] == [1, 6]


async def test_a_dead_receiver_takes_only_its_own_places(
    database: Database,
    account: Account,
    receiver: Receiver,
    subscribe: Subscribe,
    tell: Tell,
    deliver: DeliverTask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sender, "ATTEMPT_SECONDS", PATIENCE)  # until it is released
    monkeypatch.setattr(delivering, "LEASE", timedelta(seconds=2 * PATIENCE))
    receiver.hold("/slow")
    await subscribe(receiver.url("/slow", host="localhost"), "batch.completed")
    await subscribe(receiver.url("/quick"), "crawl.completed")
    async with working(database, deliver):
        for number in range(20):
            await tell(finished(account, number))
        await receiver.wait_for("/slow", delivering.PER_HOST)
        for number in range(20):
            await tell(CrawlFinished(account.id, account.id, "completed", {"total": number}))
        await receiver.wait_for("/quick", 20)
        assert receiver.most_under_way["/slow"] == delivering.PER_HOST
        assert len(receiver.on("/slow")) == delivering.PER_HOST
        receiver.release("/slow")
        await receiver.wait_for("/slow", 20)
    assert {received.json["data"]["total"] for received in receiver.on("/slow")} == set(range(20))
    assert receiver.most_under_way["/slow"] == delivering.PER_HOST


@pytest.mark.parametrize(("webhooks_told", "woken"), [(1, 1), (3, 3), (delivering.PER_HOST + 2, delivering.PER_HOST)])
async def test_as_many_workers_are_woken_as_may_send_at_once(
    database: Database, account: Account, subscribe: Subscribe, tell: Tell, webhooks_told: int, woken: int
) -> None:
    for number in range(webhooks_told):
        await subscribe(f"https://example.com/{number}")
    await tell(finished(account))
    async with database.transaction() as transaction:
        assert await raw(transaction).fetchval("SELECT count(*) FROM deliveries_pgqueuer") == woken


async def test_what_is_due_longest_is_sent_first(
    database: Database, account: Account, subscribe: Subscribe, tell: Tell
) -> None:
    await subscribe("https://example.com/hook")
    for number in range(3):
        await tell(finished(account, number))
    async with database.transaction() as transaction:
        await raw(transaction).execute("DROP INDEX ix_webhook_deliveries_pending")  # which has them in that order
        made = await raw(transaction).fetch("SELECT id FROM webhook_deliveries ORDER BY created_at")
        for place, row in enumerate(made):  # the last made is due longest
            due = "UPDATE webhook_deliveries SET due_at = due_at - $1::integer * interval '1 hour' WHERE id = $2"
            await raw(transaction).execute(due, place, row["id"])
        claimed = [await delivering.claim(transaction, account.id, utc_now()) for _ in made]
    assert [delivery.id for delivery in claimed if delivery] == [row["id"] for row in made][::-1]


async def test_an_account_has_so_many_under_way_on_all_hosts(
    database: Database, account: Account, subscribe: Subscribe, tell: Tell
) -> None:
    for number in range(delivering.IN_ALL // delivering.PER_HOST + 1):
        await subscribe(f"https://{number}.example/hook")
    for number in range(delivering.PER_HOST + 1):
        await tell(finished(account, number))

    async def claimed() -> bool:
        async with database.transaction() as transaction:
            return await delivering.claim(transaction, account.id, utc_now()) is not None

    assert [await claimed() for _ in range(delivering.IN_ALL + 1)] == [True] * delivering.IN_ALL + [False]


async def test_a_retry_outlives_its_worker(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    webhook_id, _ = await subscribe(receiver.url("/hook"))
    receiver.answers["/hook"] = [500]
    await tell(finished(account))
    await deliver(account.id.bytes)
    async with working(database, deliver):
        await receiver.wait_for("/hook", 2)

        async def delivered() -> bool:
            return [delivery.status for delivery in await kept(database, account, webhook_id)] == ["delivered"]

        await eventually_async(delivered)


async def test_a_delivery_whose_worker_died_is_made_by_another(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    webhook_id, _ = await subscribe(receiver.url("/hook"))
    await tell(finished(account))
    async with database.transaction() as transaction:
        lost = await delivering.claim(transaction, account.id, utc_now())
        await raw(transaction).execute("DELETE FROM deliveries_pgqueuer")
    assert lost is not None
    await deliver(account.id.bytes)
    assert not receiver.received, "it is leased"
    await _make_due(database)
    async with database.transaction() as transaction:
        await delivering.sweep(transaction, AT_ONCE, utc_now())
    async with working(database, deliver):
        await receiver.wait_for("/hook")
    late = await deliver.sender.send(await _message(database, lost))
    async with database.transaction() as transaction:
        await delivering.record(transaction, lost, late, AT_ONCE, utc_now())
    (delivery,) = await kept(database, account, webhook_id)
    errors = [attempt.error for attempt in delivery.attempts]
    assert errors == [deliveries.WORKER_DIED, None], "the late one is not counted"


async def test_what_a_lost_worker_records_late_ends_no_attempt_of_another(
    database: Database, account: Account, subscribe: Subscribe, tell: Tell
) -> None:
    webhook_id, _ = await subscribe("https://example.com/hook")
    await tell(finished(account))
    taken = []
    for _ in range(2):
        async with database.transaction() as transaction:
            taken.append(await delivering.claim(transaction, account.id, utc_now()))
        await _make_due(database)
    arrived = Attempt(utc_now(), 5, 200, None)
    stood = []
    for claimed in taken:
        assert claimed is not None
        async with database.transaction() as transaction:
            await delivering.record(transaction, claimed, arrived, AT_ONCE, utc_now())
        (delivery,) = await kept(database, account, webhook_id)
        stood.append((delivery.status, [attempt.error for attempt in delivery.attempts]))
    lost = deliveries.WORKER_DIED
    assert stood == [("pending", [lost]), ("delivered", [lost, None])]


async def test_failures_in_a_row_are_counted(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    await subscribe(receiver.url("/hook"))

    async def failures() -> int:
        async with database.transaction() as transaction:
            return await raw(transaction).fetchval("SELECT failure_count FROM webhooks")

    receiver.answers["/hook"] = [500] * 6
    counted = []
    for _ in range(3):
        await tell(finished(account))
        for _ in range(3):
            await deliver(account.id.bytes)
        counted.append(await failures())
    assert counted == [1, 2, 0]


async def test_a_deactivated_webhook_is_sent_nothing_more(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    webhook_id, _ = await subscribe(receiver.url("/hook"))
    await subscribe(receiver.url("/other"))
    receiver.answers["/hook"] = [500]
    await tell(finished(account))
    for _ in range(2):
        await deliver(account.id.bytes)
    await tell(finished(account))
    async with database.transaction() as transaction:
        await webhooks.change(transaction, account.id, webhook_id, {"is_active": False}, utc_now())
    for _ in range(4):
        await deliver(account.id.bytes)
    assert [len(receiver.on(path)) for path in ("/hook", "/other")] == [1, 2]
    statuses = [(delivery.status, len(delivery.attempts)) for delivery in await kept(database, account, webhook_id)]
    assert statuses == [("cancelled", 0), ("cancelled", 1)]
    async with database.transaction() as transaction:
        assert (await deliveries.stats(transaction, account.id, webhook_id)).cancelled == 2


async def test_egress_refuses_a_receiver_that_has_moved_inside(
    database: Database, account: Account, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    webhook_id, _ = await subscribe("http://10.0.0.1/hook")
    await tell(finished(account))
    await deliver(account.id.bytes)
    (delivery,) = await kept(database, account, webhook_id)
    assert "must not be reached" in (delivery.attempts[0].error or "")


async def test_a_secret_sealed_with_a_lost_key_fails_and_harms_nothing_else(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, sender: Sender
) -> None:
    webhook_id, _ = await subscribe(receiver.url("/hook"))
    await tell(finished(account))
    other = DeliverTask(database, Sealer([b"o" * KEY_BYTES]), sender, AT_ONCE, utc_now)
    for _ in range(3):
        await other(account.id.bytes)
    (delivery,) = await kept(database, account, webhook_id)
    assert delivery.status == "failed"
    assert not receiver.received


async def test_a_target_is_sealed_and_sends_its_own_headers_and_metadata(
    database: Database, account: Account, receiver: Receiver, tell: Tell, deliver: DeliverTask
) -> None:
    target = WebhookTarget(
        receiver.url("/hook?token=hidden"),
        secret="whsec_bXlzZWNyZXQ=",
        headers={"X-Project": "7", "X-AlterLab-Signature": "forged"},
        metadata={"run": 3},
    )
    await tell(JobAccepted(account.id, account.id, (target,)))
    async with database.transaction() as transaction:
        stored = await raw(transaction).fetchval("SELECT target FROM webhook_targets")
    assert b"hidden" not in stored
    await tell(finished(account))
    await deliver(account.id.bytes)
    (received,) = receiver.on("/hook")
    assert received.verified("whsec_bXlzZWNyZXQ=")["metadata"] == {"run": 3}
    assert received.headers["x-project"] == "7"


async def test_a_target_without_a_secret_is_signed_with_that_of_the_account_if_it_has_one(
    account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    await tell(JobAccepted(account.id, account.id, (WebhookTarget(receiver.url("/given")),)))
    await tell(finished(account))
    await deliver(account.id.bytes)
    assert "x-alterlab-signature" not in receiver.on("/given")[0].headers
    _, oldest = await subscribe(receiver.url("/other"), "job.failed")
    await tell(finished(account))
    await deliver(account.id.bytes)
    receiver.on("/given")[1].verified(oldest)
    _, same_url = await subscribe(receiver.url("/given"), "job.failed")
    await tell(finished(account))
    await deliver(account.id.bytes)
    receiver.on("/given")[2].verified(same_url)


async def test_old_deliveries_and_targets_are_swept(
    database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, deliver: DeliverTask
) -> None:
    webhook_id, _ = await subscribe(receiver.url("/hook"))
    await tell(JobAccepted(account.id, account.id, (WebhookTarget(receiver.url("/given")),)))
    await tell(finished(account))
    await deliver(account.id.bytes)
    await deliver(account.id.bytes)

    async def rows_after(days: int) -> tuple[int, int]:
        async with database.transaction() as transaction:
            await delivering.sweep(transaction, AT_ONCE, utc_now() + timedelta(days=days))
            targets = await raw(transaction).fetchval("SELECT count(*) FROM webhook_targets")
        return len(await kept(database, account, webhook_id)), targets

    assert await rows_after(6) == (1, 1)
    assert await rows_after(8) == (0, 1)
    assert await rows_after(31) == (0, 0)


async def test_a_target_is_kept_as_long_as_a_delivery_needs_it(
    database: Database, account: Account, receiver: Receiver, tell: Tell, deliver: DeliverTask
) -> None:
    await tell(JobAccepted(account.id, account.id, (WebhookTarget(receiver.url("/given")),)))
    await tell(finished(account))
    async with database.transaction() as transaction:
        await delivering.sweep(transaction, AT_ONCE, utc_now() + timedelta(days=31))
    await deliver(account.id.bytes)
    assert len(receiver.on("/given")) == 1


async def _make_due(database: Database) -> None:
    """Turn the store's clock on by an hour, as far as deliveries go."""
    async with database.transaction() as transaction:
        await raw(transaction).execute(
            "UPDATE webhook_deliveries SET due_at = due_at - interval '1 hour', "
            "leased_until = leased_until - interval '1 hour'"
        )


async def _message(database: Database, claimed: delivering.ClaimedDelivery) -> delivering.Message:
    async with database.transaction() as transaction:
        return await delivering.message_of(transaction, claimed, SEALER)


async def test_an_account_with_many_deliveries_takes_no_connections_from_others(
    dsn: str, database: Database, account: Account, receiver: Receiver, subscribe: Subscribe, tell: Tell, sender: Sender
) -> None:
    small = Database(dsn, pool_size=2)
    deliver = DeliverTask(small, SEALER, sender, AT_ONCE, utc_now)
    await subscribe(receiver.url("/hook"))
    for number in range(3):
        await tell(finished(account, number))
    async with database.transaction() as other:
        await serialise(other, f"deliveries of {account.id}")
        tasks = [asyncio.create_task(deliver(account.id.bytes)) for _ in range(delivering.IN_ALL + 5)]
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for _ in range(3):
                await small.ping()
        assert sum(task.done() for task in tasks) == 5, "more can do nothing that those do not"
    await asyncio.gather(*tasks)
    assert len(receiver.on("/hook")) == 3
    await small.close()


async def test_the_next_of_many_deliveries_is_found_without_a_look_at_all(
    database: Database, account: Account, subscribe: Subscribe
) -> None:
    webhook_id, _ = await subscribe("http://127.0.0.1:1/hook")
    async with database.transaction() as transaction:
        under = raw(transaction)
        await under.execute(
            "INSERT INTO webhook_deliveries (id, organization_id, webhook_id, event, host, body, created_at)"
            " SELECT gen_random_uuid(), $1, $2, 'batch.completed', 'h', '', now() FROM generate_series(1, 3000)",
            account.id,
            webhook_id,
        )
        await under.execute("ANALYZE webhook_deliveries")
    async with database.transaction() as transaction:
        assert await delivering.claim(transaction, account.id, utc_now()) is not None
        query = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'webhook_deliveries'"
        assert await raw(transaction).fetchval(query) < 100
