"""Names to addresses, by the system's resolver, without letting slow name servers hold up everyone."""

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from ipaddress import IPv4Address, ip_address

from alterlab_server.fetch.egress.addresses import Address
from alterlab_server.fetch.places import FairPlaces

Resolver = Callable[[str], Awaitable[Sequence[Address]]]

# A lookup waits in a thread, and one of a dead name server waits for long: the names of one domain share a name server.
_PLACES, _SPARE = 128, 32
_PLACE_SECONDS = 10.0
_KEPT_SECONDS = 30.0
_KEPT_NAMES = 2048


class SystemResolver:
    """Resolves as the system does. Answers are kept for half a minute, and one lookup serves all who ask for a name."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_PLACES + _SPARE, thread_name_prefix="resolver")
        self._places = FairPlaces(_PLACES, _SPARE)
        self._known: OrderedDict[str, tuple[float, Sequence[Address]]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Sequence[Address]]] = {}

    async def __call__(self, host: str) -> Sequence[Address]:
        """All addresses of `host` in the system's order of preference (RFC 6724); raises OSError when it has none.

        `localhost` and names below it are this machine, whatever a name server says (RFC 6761, section 6.3).
        """
        if f".{host.rstrip('.')}".endswith(".localhost"):
            return [IPv4Address("127.0.0.1")]
        now = asyncio.get_running_loop().time()
        kept_until, addresses = self._known.get(host, (0.0, ()))
        if now < kept_until:
            return addresses
        task = self._asking.get(host)
        if task is None:
            task = self._asking[host] = asyncio.create_task(self._ask(host))
            task.add_done_callback(lambda done: self._answered(host, done))
        return await asyncio.shield(task)  # who gives up does not end it for the others

    def _answered(self, host: str, task: asyncio.Task[Sequence[Address]]) -> None:
        del self._asking[host]
        if not task.cancelled():
            task.exception()  # nobody may be left to hear of it

    async def _ask(self, host: str) -> Sequence[Address]:
        loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(_PLACE_SECONDS):
                await stack.enter_async_context(self._places.held(_domain(host)))
            addresses = await loop.run_in_executor(self._threads, _look_up, host)
        self._known[host] = (loop.time() + _KEPT_SECONDS, addresses)
        self._known.move_to_end(host)
        if len(self._known) > _KEPT_NAMES:
            self._known.popitem(last=False)
        return addresses


def _domain(host: str) -> str:
    return ".".join(host.rstrip(".").rsplit(".", 2)[-2:])


def _look_up(host: str) -> Sequence[Address]:
    infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(ip_address(str(info[4][0]).partition("%")[0]) for info in infos)
