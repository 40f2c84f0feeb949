import asyncio
import socket
import threading
from ipaddress import ip_address
from typing import Any

import pytest
from tests.support.waiting import PATIENCE

from alterlab_server.fetch.egress import resolver
from alterlab_server.fetch.egress.resolver import SystemResolver


class Names:
    """Stands in for the system's resolver, which tests cannot ask about names of their own."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.quick: set[str] = set()
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self, host: str, port: None, **_: int) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        if host not in self.quick:
            self.may_answer.wait(PATIENCE)
        if host == "nowhere.example":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2606:2800:220::1%eth0", 0, 0, 2)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 0)),
        ]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made)
    return made


async def test_answers_are_kept_for_a_while(names: Names) -> None:
    resolve = SystemResolver()
    expected = (ip_address("2606:2800:220::1"), ip_address("93.184.216.34"))
    assert await resolve("example.com") == expected
    assert await resolve("example.com") == expected
    assert names.asked == ["example.com"]


async def test_answers_are_kept_no_longer(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "_KEPT_SECONDS", 0.0)
    resolve = SystemResolver()
    for _ in range(2):
        await resolve("example.com")
    assert names.asked == ["example.com"] * 2


async def test_the_oldest_answer_makes_room(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "_KEPT_NAMES", 2)
    resolve = SystemResolver()
    for name in ("a.example", "b.example", "c.example", "b.example", "a.example"):
        await resolve(name)
    assert names.asked == ["a.example", "b.example", "c.example", "a.example"]


async def test_one_lookup_serves_all_who_ask(names: Names) -> None:
    resolve = SystemResolver()
    names.may_answer.clear()
    asking = [asyncio.create_task(resolve("example.com")) for _ in range(5)]
    await asyncio.wait(asking, timeout=0)
    asking[0].cancel()
    names.may_answer.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert len(set(answers[1:])) == 1
    assert names.asked == ["example.com"]


async def test_failures_are_not_kept(names: Names) -> None:
    resolve = SystemResolver()
    for _ in range(2):
        with pytest.raises(OSError, match="no such name"):
            await resolve("nowhere.example")
    assert len(names.asked) == 2


async def test_however_many_names_of_a_domain_are_slow_another_is_looked_up(names: Names) -> None:
    resolve = SystemResolver()
    names.may_answer.clear()
    names.quick = {f"www.example{number}.com" for number in range(40)}
    slow = [asyncio.create_task(resolve(f"{number}.slow.example")) for number in range(500)]
    await asyncio.sleep(0)
    async with asyncio.timeout(PATIENCE / 2):
        for quick in names.quick:
            assert await resolve(quick)
    names.may_answer.set()
    assert all(await asyncio.gather(*slow))


async def test_a_lookup_that_does_not_begin_in_time_is_given_up(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "_PLACE_SECONDS", 0.01)
    resolve = SystemResolver()
    names.may_answer.clear()
    slow = [asyncio.create_task(resolve(f"{number}.slow.example")) for number in range(300)]
    ended, _ = await asyncio.wait(slow, return_when=asyncio.FIRST_COMPLETED)
    assert all(isinstance(task.exception(), TimeoutError) for task in ended)
    names.may_answer.set()
    await asyncio.gather(*slow, return_exceptions=True)
    assert await resolve("0.slow.example")
    assert len(names.asked) < 300


@pytest.mark.parametrize("host", ["localhost", "localhost.", "app.localhost"])
async def test_localhost_is_this_machine(names: Names, host: str) -> None:
    assert await SystemResolver()(host) == [ip_address("127.0.0.1")]
    assert names.asked == []
