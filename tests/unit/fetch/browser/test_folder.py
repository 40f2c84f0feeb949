import subprocess
import sys
from pathlib import Path

import pytest

from alterlab_server.fetch.browser.folder import remove_abandoned, temporary_folder

HOLDER = """
import sys
from alterlab_server.fetch.browser.folder import temporary_folder
with temporary_folder() as folder:
    (folder / "profile").mkdir()
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The temporary folder of this test and of the processes that it starts."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_what_a_killed_process_left_is_removed_and_what_lives_is_not(temporary: Path) -> None:
    command = [sys.executable, "-c", HOLDER]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as killed,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as living,
    ):
        assert killed.stdout is not None
        assert living.stdout is not None
        left, used = Path(killed.stdout.readline().strip()), Path(living.stdout.readline().strip())
        killed.kill()
        killed.wait()
        assert (left / "profile").is_dir()
        with temporary_folder() as own:
            assert set(temporary.iterdir()) == {own, used}
            remove_abandoned()
            assert set(temporary.iterdir()) == {own, used}, "nor its own"
        living.communicate("")
    assert list(temporary.iterdir()) == []


def test_a_link_leads_nowhere(temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (temporary / "alterlab-browser-x").symlink_to(elsewhere)
    remove_abandoned()
    assert elsewhere.is_dir()
