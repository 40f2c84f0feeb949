"""Child processes that do not outlive their parent."""

import shutil


def dying_with_parent(signal_name: str) -> list[str]:
    """The prefix of a command that is sent `signal_name` (such as TERM) when its parent dies; empty where the system
    has no `setpriv`."""
    setpriv = shutil.which("setpriv")
    return [setpriv, f"--pdeathsig={signal_name}", "--"] if setpriv else []
