"""Processes of the operating system: found, watched, killed as a group, and waited for."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator

import psutil

_REAP_SECONDS = 5.0
_REAP_PAUSE = 0.01
_ZYGOTE = "--type=zygote"
_NETWORK = "--utility-sub-type=network.mojom.NetworkService"
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def adopt_orphans() -> None:
    """Make orphaned descendants ours (prctl(2)), so that helpers of a killed browser can be waited for.

    Without that they become children of process 1, which in a container is seldom one that waits for them.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def find_leader(mark: str) -> tuple[psutil.Process, psutil.Process]:
    """The descendant of this process that was started with the argument `mark` and leads its process group, and its
    parent; raises LookupError when there is none.
    """
    for child in psutil.Process().children(recursive=True):
        try:
            if mark in child.cmdline() and os.getpgid(child.pid) == child.pid and (parent := child.parent()):
                return child, parent
        except (psutil.NoSuchProcess, ProcessLookupError):
            continue
    raise LookupError("its process is not to be found")


def vital_helpers(leader: psutil.Process) -> list[psutil.Process]:
    """The helpers of a Chromium that are running and that no page can do without.

    They are those from which all others are forked, and the one that holds all connections; Chromium would start the
    latter again, but pages that were loading would miss parts. What was forked from a zygote a moment ago still has its
    arguments, and may be a page that is soon done.
    """
    helpers = list(_helpers(leader))
    zygotes = {helper.pid for helper, _, arguments in helpers if _ZYGOTE in arguments}
    return [
        helper
        for helper, parent, arguments in helpers
        if _NETWORK in arguments or (helper.pid in zygotes and parent not in zygotes)
    ]


def _helpers(leader: psutil.Process) -> Iterator[tuple[psutil.Process, int, list[str]]]:
    """All descendants with the id of their parent and their arguments, but for those that end meanwhile."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for helper in leader.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                yield helper, helper.ppid(), helper.cmdline()


def runs(process: psutil.Process) -> bool:
    """True until the process has ended, also when nobody has waited for it yet."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(process: psutil.Process) -> None:
    """Kill one process, unless it has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()


def kill_group(group: int) -> None:
    """Kill all processes of a group, and wait until none is left; those that became children of ours are collected."""
    end = time.monotonic() + _REAP_SECONDS
    with contextlib.suppress(ProcessLookupError):  # none is left
        while time.monotonic() < end:
            os.killpg(group, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):  # none of them is ours
                while os.waitpid(-group, os.WNOHANG)[0]:
                    continue
            time.sleep(_REAP_PAUSE)
