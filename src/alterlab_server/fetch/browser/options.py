"""What an operator may set for the browser."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """Limits of the browser pool. Ages are in seconds, sizes in bytes.

    `executable` is the path of a Chromium; None looks for one by its usual names. `max_memory` is what all processes
    of one browser may hold together: above it the browser is replaced, above twice of it killed; None takes a quarter
    of what the machine or the container has. `max_job_bytes` is what one job may receive from the network.
    `ca_file` is a PEM file of authorities that are trusted besides the usual ones, by the browser and for the
    connection to a job's https proxy.
    """

    executable: str | None = None
    max_contexts: int = 8
    max_pages: int = 400  # Chromium kept growing by some 17 MB per 200 contexts when measured
    max_age: float = 3600.0
    max_memory: int | None = None
    max_job_bytes: int = 104_857_600
    ca_file: str | None = None
