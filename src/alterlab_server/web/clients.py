"""The published clients that need what others do not, by how they name themselves in a request."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request


@dataclass(frozen=True, slots=True)
class Client:
    """How a client takes its answers.

    `patience` is the seconds after which it gives a call up, whatever `timeout` it has sent. `polls`: it follows a 202.
    `success` is its word for a job that has completed. `reads_flat`: it looks for the formats at the top of a result.
    `parses_timeouts`: it reads out of the `detail` of a 504 what that cost.
    """

    patience: float | None = None
    polls: bool = True
    success: str = "completed"
    reads_flat: bool = False
    parses_timeouts: bool = False


# By the beginning of X-AlterLab-Source or of User-Agent.
_CLIENTS = {
    "mcp-server/": Client(polls=False, parses_timeouts=True),
    "python-sdk/": Client(patience=30),
    "AlterLab-Python-SDK/2.0.": Client(success="succeeded"),
    "alterlab-node/": Client(patience=120, polls=False, reads_flat=True),
}
_ANY = Client()


def client_named(*names: str) -> Client:
    """The client of the first row that one of the names begins with, else one without needs of its own."""
    return next((client for sign, client in _CLIENTS.items() if any(n.startswith(sign) for n in names)), _ANY)


def client_of(request: Request) -> Client:
    """The client that sent a request."""
    return client_named(request.headers.get("x-alterlab-source", ""), request.headers.get("user-agent", ""))


async def _client(request: Request) -> Client:
    return client_of(request)


CallingClient = Annotated[Client, Depends(_client)]
