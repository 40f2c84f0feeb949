"""What the commands say when something is in their way, and to whom."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.running import closed_port, environment

KEY = "ALTERLAB_BOOTSTRAP_API_KEY"


def _alterlab(*arguments: str, key: str | None = None) -> "subprocess.CompletedProcess[str]":
    settings = {name: value for name, value in environment().items() if name != KEY} | ({KEY: key} if key else {})
    command = [sys.executable, "-m", "alterlab_server.app.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=settings, check=False)


def test_a_port_that_is_taken_ends_the_command_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = _alterlab("serve", "--port", port, "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"alterlab: It is not possible to listen on 127.0.0.1, port {port}")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("keys", "list")])
def test_a_data_folder_that_is_a_file_is_told_in_a_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "taken").write_text("")
    done = _alterlab(*command, "--data", str(tmp_path / "taken"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("alterlab: ")
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_told_in_a_sentence() -> None:
    with closed_port() as port:
        done = _alterlab("keys", "list", "--database-url", f"postgresql://127.0.0.1:{port}/alterlab")
    assert done.returncode == 1
    assert done.stderr.startswith("alterlab: The database cannot be used: ")
    nonsense = _alterlab("keys", "list", "--database-url", "nonsense")
    assert (nonsense.returncode, "postgresql://user:secret@host/database" in nonsense.stderr) == (1, True)


def test_the_key_of_the_first_account_is_shown_by_whichever_command_makes_it(tmp_path: Path) -> None:
    listed = _alterlab("keys", "list", "--data", str(tmp_path))
    key = listed.stderr.partition("export KEY=")[2].split()[0]
    assert key.startswith("sk_live_")
    assert listed.stdout.split()[1] == f"{key[:12]}…"
    assert "sk_live_" not in _alterlab("keys", "list", "--data", str(tmp_path)).stderr


def test_a_configured_key_that_was_revoked_stays_revoked(tmp_path: Path) -> None:
    made = _alterlab("keys", "list", "--data", str(tmp_path), key="sk_live_mine")
    _alterlab("keys", "revoke", made.stdout.split()[0], "--data", str(tmp_path))
    again = _alterlab("keys", "list", "--data", str(tmp_path), key="sk_live_mine")
    assert (again.returncode, again.stdout.split()[-1]) == (0, "revoked")


@pytest.mark.parametrize("amount", ["inf", "nan", "1e300", "0"])
def test_no_deposit_of_what_is_no_sum_of_money(tmp_path: Path, amount: str) -> None:
    done = _alterlab("accounts", "deposit", amount, "--data", str(tmp_path))
    assert done.returncode == 2
    assert "Invalid value for 'dollars'" in done.stderr
