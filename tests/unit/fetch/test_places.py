import asyncio

from alterlab_server.fetch.places import FairPlaces


class Crowd:
    """Asks for places, and notes in which order they were got."""

    def __init__(self, places: FairPlaces) -> None:
        self._places = places
        self._leaving: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.inside: list[str] = []

    async def comes(self, *names: str) -> None:
        """Each name begins with its owner's letter."""
        for name in names:
            self._leaving[name] = asyncio.Event()
            self._tasks[name] = asyncio.create_task(self._stay(name))
            await asyncio.sleep(0)
        await self._settled()

    async def leaves(self, name: str) -> None:
        self._leaving[name].set()
        await self._settled()

    async def gives_up(self, name: str) -> None:
        self._tasks[name].cancel()
        await self._settled()

    async def _stay(self, name: str) -> None:
        async with self._places.held(name[0]):
            self.inside.append(name)
            await self._leaving[name].wait()
        self.inside.remove(name)

    async def _settled(self) -> None:
        for _ in range(5):
            await asyncio.sleep(0)


async def test_one_owner_alone_has_all_but_the_spare_places() -> None:
    crowd = Crowd(FairPlaces(3, spare=1))
    await crowd.comes("a1", "a2", "a3", "a4")
    assert crowd.inside == ["a1", "a2", "a3"]
    await crowd.leaves("a2")
    assert crowd.inside == ["a1", "a3", "a4"]


async def test_another_owner_does_not_wait_for_the_first() -> None:
    crowd = Crowd(FairPlaces(2, spare=1))
    await crowd.comes("a1", "a2", "a3", "b1", "b2", "c1")
    assert crowd.inside == ["a1", "a2", "b1"]
    await crowd.leaves("a1")
    assert crowd.inside == ["a2", "b1", "c1"]


async def test_a_free_place_goes_to_who_holds_fewest_and_then_to_who_has_waited_longest() -> None:
    crowd = Crowd(FairPlaces(3, spare=0))
    await crowd.comes("a1", "a2", "a3", "a4", "a5", "b1", "b2")
    for name in ("a1", "a2", "a3"):
        await crowd.leaves(name)
    assert crowd.inside == ["b1", "a4", "a5"]


async def test_who_gives_up_leaves_his_place_to_others() -> None:
    crowd = Crowd(FairPlaces(1, spare=0))
    await crowd.comes("a1", "a2", "a3")
    await crowd.gives_up("a2")
    await crowd.gives_up("a1")
    assert crowd.inside[-1] == "a3"


async def test_a_place_that_comes_with_the_end_of_the_wait_is_not_lost() -> None:
    places = FairPlaces(1, spare=0)
    first = places.held("a")
    await first.__aenter__()
    waiting = asyncio.create_task(places.held("a").__aenter__())
    await asyncio.sleep(0)
    await first.__aexit__(None, None, None)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(5), places.held("a"):
        pass
