from pathlib import Path

import psutil

from alterlab_server.fetch.browser.memory import available_memory, process_tree, resident_memory

MACHINE = int(psutil.virtual_memory().total)


def test_the_limit_of_the_container_counts(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("104857600\n")
    assert available_memory((limit,)) == 104_857_600


def test_no_limit_means_the_machine(tmp_path: Path) -> None:
    unlimited, large = tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes"
    unlimited.write_text("max\n")
    large.write_text(f"{2**63 - 4096}\n")  # how cgroup v1 says that there is none
    assert available_memory((unlimited, large, tmp_path / "missing")) == MACHINE


def test_a_process_tree_is_measured() -> None:
    tree = process_tree(psutil.Process())
    assert 1_000_000 < resident_memory(tree) < MACHINE


def test_a_process_that_has_ended_holds_nothing() -> None:
    child = psutil.Popen(["true"])
    gone = psutil.Process(child.pid)
    child.wait()
    assert process_tree(gone) == []
    assert resident_memory([gone]) == 0
