"""Speed of POST /scrape (synchronous, a 20 KB page) against the same page fetched bare with the same HTTP library.

Usage: python -m bench.scrape [SECONDS]. Prints `name: value` lines; times in milliseconds.
"""

import asyncio
import json
import socket
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import orjson
import pycurl

from bench.service import KEY, page_server, service

CALLERS = 32
Call = Callable[[], Awaitable[float]]


class Client:
    """A pycurl client, as tier 1 uses it."""

    def __init__(self) -> None:
        self._multi = pycurl.AsyncCurlMulti()
        self._idle: list[pycurl.Curl] = []

    async def request(self, url: str, body: bytes | None = None) -> bytes:
        """GET, or POST with `body` as JSON; raises when the answer is not 200."""
        curl = self._idle.pop() if self._idle else pycurl.Curl()
        received = bytearray()
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.WRITEFUNCTION, received.extend)
        if body is not None:
            curl.setopt(pycurl.POSTFIELDS, body)
            curl.setopt(pycurl.HTTPHEADER, [f"X-API-Key: {KEY}", "Content-Type: application/json"])
        await self._multi.perform(curl)
        status = curl.getinfo(pycurl.RESPONSE_CODE)
        curl.reset()
        self._idle.append(curl)
        if status != 200:
            raise SystemExit(f"{url} answered {status}: {bytes(received[:300])!r}")
        return bytes(received)

    async def close(self) -> None:
        """Close all connections."""
        await self._multi.aclose()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def load(call: Call, callers: int, seconds: float) -> tuple[float, list[float]]:
    """Call with so many callers for so long; calls per second, and each call's milliseconds."""
    times: list[float] = []
    stop = time.perf_counter() + seconds

    async def caller() -> None:
        while time.perf_counter() < stop:
            times.append(await call())

    started = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return len(times) / (time.perf_counter() - started), times


def report(name: str, rate: float, times: list[float]) -> float:
    """Print rate, median and 95th percentile; returns the median."""
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{name}_per_second: {rate:.1f}\n{name}_p50_ms: {median:.2f}\n{name}_p95_ms: {p95:.2f}")
    return median


async def measure(address: str, page: str, seconds: float) -> None:
    """Measure the service and the bare fetch in turns."""
    client = Client()
    body = json.dumps({"url": page, "formats": ["markdown", "json"]}).encode()

    async def bare() -> float:
        started = time.perf_counter()
        await client.request(page)
        return (time.perf_counter() - started) * 1000

    inside: list[float] = []

    async def scrape() -> float:
        started = time.perf_counter()
        answer = orjson.loads(await client.request(f"{address}/api/v1/scrape", body))
        inside.append(answer["response_time_ms"])
        return (time.perf_counter() - started) * 1000

    await load(scrape, CALLERS, 2.0)  # warm
    bare_rate, bare_times = await load(bare, CALLERS, seconds / 2)
    report("bare_32", bare_rate, bare_times)
    rate, times = await load(scrape, CALLERS, seconds)
    report("scrape_32", rate, times)
    print(f"scrape_vs_bare_ratio: {rate / bare_rate:.4f}")
    _, bare_times = await load(bare, 1, seconds / 2)
    bare_median = report("bare_1", *_single(bare_times))
    inside.clear()
    _, times = await load(scrape, 1, seconds)
    median = report("scrape_1", *_single(times))
    worker = statistics.median(inside)
    print(f"overhead_1_p50_ms: {median - bare_median:.2f}")
    print(f"of_it_fetch_and_extract_p50_ms: {worker:.2f}\nof_it_service_p50_ms: {median - worker:.2f}")
    await client.close()


def _single(times: list[float]) -> tuple[float, list[float]]:
    return 1000 / statistics.mean(times), times


def main() -> None:
    """Start page server and service, measure, and end both."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with page_server(free_port()) as page, service(free_port()) as address:
        asyncio.run(measure(address, page, seconds))


if __name__ == "__main__":
    main()
