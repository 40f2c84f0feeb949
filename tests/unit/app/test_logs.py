"""What is logged where nothing can be written."""

import errno
import io
import sys

import pytest
import structlog

from alterlab_server.app import logs
from alterlab_server.app.settings import Settings


class Full(io.StringIO):
    """A file on a disk that has no room."""

    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_that_cannot_be_written_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Full())
    try:
        logs.configure(Settings())
        structlog.get_logger().warning("something")
    finally:
        structlog.reset_defaults()
        monkeypatch.undo()
