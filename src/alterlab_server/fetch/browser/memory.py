"""How much memory a browser holds, and how much it may."""

from pathlib import Path

import psutil

# The limit of the container for cgroup v2, then v1.
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def available_memory(limits: tuple[Path, ...] = _CGROUP_LIMITS) -> int:
    """Bytes that this process's container may use, or the machine's memory where that is less."""
    machine = int(psutil.virtual_memory().total)
    texts = (path.read_text().strip() for path in limits if path.is_file())
    return min([machine, *(int(text) for text in texts if text.isdecimal())])


def resident_memory(processes: list[psutil.Process]) -> int:
    """Bytes that the processes hold together, with shared pages counted once where the system tells."""
    return sum(_resident(process) for process in processes)


def _resident(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.rss))
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def process_tree(root: psutil.Process) -> list[psutil.Process]:
    """A process and all its descendants; empty when it has ended."""
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
