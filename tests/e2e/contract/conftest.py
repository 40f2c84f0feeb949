"""The published client library in an environment of its own, made once and kept in the checkout."""

import asyncio
import fcntl
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.accounts import Account
from tests.support.running import Running

Sdk = Callable[..., Awaitable[list[dict[str, Any]]]]
_DRIVER = Path(__file__).with_name("driver.py")


@pytest.fixture(scope="session")
def contract_python(checkout: Path) -> Path:
    """The interpreter of `.venv-contract`, installed anew when its lock file is newer."""
    folder, lock = checkout / ".venv-contract", checkout / "requirements-contract.lock"
    folder.mkdir(exist_ok=True)
    python, stamp = folder / "bin" / "python", folder / "installed"
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # processes of pytest-xdist come here together
        if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)
            stamp.touch()
    return python


@pytest.fixture
def sdk(contract_python: Path, server: Running, account: Account) -> Sdk:
    """Calls the published client with the account's key, one method after the other."""

    async def call(*calls: tuple[str, dict[str, Any]], key: str = account.key) -> list[dict[str, Any]]:
        process = await asyncio.create_subprocess_exec(
            str(contract_python), str(_DRIVER), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        task = {"url": server.url, "key": key, "calls": calls}
        printed, _ = await process.communicate(json.dumps(task).encode())
        assert process.returncode == 0
        outcomes: list[dict[str, Any]] = json.loads(printed)
        return outcomes

    return call
