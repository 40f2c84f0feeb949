import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest
from tests.support.waiting import eventually

from alterlab_server.fetch.browser.process_group import kill, vital_helpers

NETWORK = "--utility-sub-type=network.mojom.NetworkService"
FORKING = "import os, time; os.fork(); time.sleep(600)"
LEADING = f"""
import subprocess, sys
helpers = [
    subprocess.Popen([sys.executable, "-c", {FORKING!r}, "--type=zygote"]),
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "--type=utility", {NETWORK!r}]),
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "--type=renderer"]),
]
helpers[0].wait()
"""


@pytest.fixture
def leader() -> Iterator[psutil.Process]:
    """A process with helpers such as Chromium has; its zygote has just forked, and the fork has its arguments."""
    started = subprocess.Popen([sys.executable, "-c", LEADING])
    leader = psutil.Process(started.pid)
    try:
        eventually(lambda: len(leader.children(recursive=True)) == 4, what="the helpers")
        yield leader
    finally:
        for process in [*leader.children(recursive=True), leader]:
            kill(process)
        started.wait()


def test_what_a_zygote_has_just_forked_is_not_vital(leader: psutil.Process) -> None:
    found = vital_helpers(leader)
    assert {process.ppid() for process in found} == {leader.pid}
    assert sorted(process.cmdline()[-1] for process in found) == ["--type=zygote", NETWORK]


def test_a_browser_that_has_ended_has_none() -> None:
    started = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    leader = psutil.Process(started.pid)
    started.communicate(b"end")
    assert vital_helpers(leader) == []
