import asyncio
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest

from alterlab_server.fetch.egress import Admitted, Gate, gate
from alterlab_server.fetch.egress.addresses import Address
from alterlab_server.fetch.outcome import Failure, Verdict

TRICKS = [
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0x7f.1/",
    "http://127.1/",
    "http://127.0.0.1./",
    "http://0/",
    "http://0.0.0.0/",
    "http://１２７.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://10.1.2.3/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://168.63.129.16/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://192.0.0.192/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::8.8.8.8]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:0808:0808::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2001:db8::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[4000::1]/",
    "http://localhost/",
    "http://localhost./",
    "http://user@93.184.216.34/",
    "http://127.0.0.1\\@93.184.216.34/",
    "http://93.184.216.34:22/",
    "http://93.184.216.34:6667/",
    "ftp://93.184.216.34/",
    "file:///etc/passwd",
    "gopher://93.184.216.34/",
]


@pytest.mark.parametrize("href", TRICKS)
async def test_tricks_are_refused_with_one_sentence(href: str) -> None:
    outcome = await Gate().admit(href)
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.reason.endswith(".")


def names(table: dict[str, list[str]]) -> Gate:
    async def resolve(host: str) -> Sequence[Address]:
        if host not in table:
            raise OSError
        return [ip_address(text) for text in table[host]]

    return Gate(resolver=resolve)


async def test_public_name_gives_all_its_addresses_in_order() -> None:
    admitted = await names({"example.com": ["2606:2800:220::1", "93.184.216.34", "93.184.216.34"]}).admit(
        "https://Example.com/a"
    )
    assert isinstance(admitted, Admitted)
    assert admitted.addresses == ("2606:2800:220::1", "93.184.216.34")
    assert (admitted.url.host, admitted.port) == ("example.com", 443)


async def test_one_private_address_refuses_the_name() -> None:
    outcome = await names({"mixed.example": ["93.184.216.34", "10.0.0.1"]}).admit("http://mixed.example/")
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.REFUSED
    assert "10.0.0.1" not in outcome.reason


async def test_a_name_is_judged_at_every_admission() -> None:
    answers = iter(["93.184.216.34", "127.0.0.1"])

    async def resolve(host: str) -> Sequence[Address]:
        return [ip_address(next(answers))]

    gate = Gate(resolver=resolve)
    assert isinstance(await gate.admit("http://rebinding.example/"), Admitted)
    assert isinstance(await gate.admit("http://rebinding.example/"), Failure)


@pytest.mark.parametrize("error", [OSError(), UnicodeError("label too long")])
async def test_unknown_name(error: Exception) -> None:
    async def resolve(host: str) -> Sequence[Address]:
        raise error

    outcome = await Gate(resolver=resolve).admit("http://nowhere.example/")
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.DNS_ERROR


async def test_a_name_that_is_not_resolved_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(host: str) -> Sequence[Address]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(gate, "_RESOLVE_SECONDS", 0.01)
    outcome = await Gate(resolver=resolve).admit("http://slow.example/")
    assert isinstance(outcome, Failure)
    assert outcome == Failure(Verdict.DNS_ERROR, "The name slow.example could not be resolved in time.")


async def test_name_without_address() -> None:
    outcome = await names({"none.example": []}).admit("http://none.example/")
    assert isinstance(outcome, Failure)
    assert outcome.verdict is Verdict.DNS_ERROR


@pytest.mark.parametrize("href", ["http://127.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://127.9.9.9:8099/"])
async def test_operator_may_allow_a_network(href: str) -> None:
    admitted = await Gate([ip_network("127.0.0.0/8")]).admit(href)
    assert isinstance(admitted, Admitted)
    assert admitted.addresses[0].startswith("127.")


async def test_allowing_a_translator_does_not_allow_what_is_behind_it() -> None:
    gate = Gate([ip_network("64:ff9b::/96"), ip_network("2001::/32"), ip_network("2002::/16"), ip_network("::1/128")])
    for open_to_all in ("64:ff9b::8.8.8.8", "2001:0:808:808::f7f7:f7f7", "2002:808:808::", "::1"):
        assert isinstance(await gate.admit(f"http://[{open_to_all}]/"), Admitted)
    for leading_inside in ("64:ff9b::10.0.0.1", "2001:0:808:808::f5ff:fffe", "2002:a00:1::"):
        assert isinstance(await gate.admit(f"http://[{leading_inside}]/"), Failure)


async def test_host_and_port_as_connect_names_them() -> None:
    gate = names({"example.com": ["93.184.216.34"]})
    admitted = await gate.admit_host("example.com", 443)
    assert isinstance(admitted, Admitted)
    assert admitted.port == 443
    assert isinstance(await gate.admit_host("::1", 443), Failure)
    assert isinstance(await gate.admit_host("example.com", 25), Failure)
    assert isinstance(await gate.admit_host("2130706433", 80), Failure)
    assert isinstance(await gate.admit_host("exam/ple.com@127.0.0.1", 80), Failure)
