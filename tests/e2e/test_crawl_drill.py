"""Workers die while a site of many hosts is crawled: each page ends once, is paid once, and hosts are asked rarely."""

from pathlib import Path

from tests.site import HostileSite
from tests.support.crawl_drill import Drill, check_politeness, run_drill
from tests.support.waiting import PATIENCE

DRILL = Drill(pages=300, hosts=6, kills=3, seconds=PATIENCE)


async def test_killed_workers_lose_nothing_and_repeat_nothing(site: HostileSite, tmp_path: Path) -> None:
    drilled = await run_drill(DRILL, site, tmp_path)
    status = drilled.status
    assert (status["status"], status["completed"], status["failed"]) == ("completed", DRILL.pages, 0)
    assert len(set(drilled.urls)) == len(drilled.urls) == DRILL.pages
    assert sum(drilled.charges) == DRILL.pages * 200
    check_politeness(site, DRILL, drilled)
