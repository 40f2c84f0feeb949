"""What an operator may set for the HTTP tiers."""

import os
import ssl
from dataclasses import dataclass, field
from pathlib import Path

import certifi


def system_bundle() -> str:
    """The PEM file of certificate authorities that this system trusts, or certifi's where it names none."""
    return ssl.get_default_verify_paths().cafile or certifi.where()


def write_bundle(extra: Path, target: Path) -> str:
    """Write the system's authorities and those of `extra` (PEM) to `target`, and give its path.

    It is never there in part: other processes may be reading what they wrote.
    """
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    draft.write_bytes(Path(system_bundle()).read_bytes() + b"\n" + extra.read_bytes())
    draft.replace(target)
    return str(target)


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """`user_agent` is what tier 1 calls itself; `ca_bundle` is the PEM file of all trusted authorities."""

    user_agent: str = "Mozilla/5.0 (compatible; AlterLab/0.1)"
    ca_bundle: str = field(default_factory=system_bundle)
