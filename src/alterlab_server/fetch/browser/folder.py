"""Folders of browsers: each is locked by the process that made it, and removed by another when that was killed."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_PREFIX = "alterlab-browser-"
_UNLOCKED_PREFIX = "alterlab-new-browser-"
# What many killed workers have left is removed in several turns.
_MOST_REMOVED = 100


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder below the temporary one, removed at the end of the block; what killed processes have left there is
    removed before."""
    remove_abandoned()
    unlocked = Path(tempfile.mkdtemp(prefix=_UNLOCKED_PREFIX))
    with _locked(unlocked):
        # It gets the name by which others look for it only now: none of them ever sees it without its lock.
        folder = unlocked.rename(unlocked.with_name(unlocked.name.replace(_UNLOCKED_PREFIX, _PREFIX)))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned() -> None:
    """Remove folders whose process is gone, a hundred at most."""
    abandoned = Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")
    for folder in islice(abandoned, _MOST_REMOVED):
        # Locked: its browser lives. Not to be opened: it is another user's, or gone already.
        with contextlib.suppress(OSError), _locked(folder):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, which ends with the process at the latest; raises OSError when another holds it."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
