"""The bounds of a live connection."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """`send_seconds` is how long a message may take to leave; a client that reads slower is cut off. The bounds on
    connections are for one account in one process."""

    heartbeat_seconds: float = 30.0
    send_seconds: float = 60.0
    subscriptions: int = 5_000
    messages_a_minute: int = 10_000
    connections: int = 100
