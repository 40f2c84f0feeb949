"""The published clients that need what others do not, by how they name themselves in a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request


@dataclass(frozen=True, slots=True)
class Client:
    """How a client takes its answers.

    - `patience`: after so many seconds it gives a call up, whatever `timeout` it has sent.
    - `polls`: it follows a 202 to the end of its job, also when that fails.
    - `words`: its own for states of jobs, batches and crawls.
    - `expects_pages`: it gives its user what an ended crawl has scraped, and does not ask for it.
    - `reads_all_formats`: it looks for text, html, json and markdown without having asked for them.
    - `reads_flat`: it looks for those at the top of a result, and for tiers that are numbers.
    - `writes_snake_case`: it turns the names in what it is given to that.
    - `parses_timeouts`: it reads out of the `detail` of a 504 what that cost.
    """

    patience: float | None = None
    polls: bool = True
    words: Mapping[str, str] = field(default_factory=dict)
    expects_pages: bool = False
    reads_all_formats: bool = False
    reads_flat: bool = False
    writes_snake_case: bool = False
    parses_timeouts: bool = False

    def word(self, state: str) -> str:
        """What the client calls a state."""
        return self.words.get(state, state)


# By the beginning of X-AlterLab-Source or of User-Agent.
_CLIENTS = {
    "mcp-server/": Client(
        polls=False,
        # It shows the pages of a crawl only when that is completed; which of them failed they say themselves.
        words={"discovering": "queued", "scraping": "running", "partial": "completed"},
        parses_timeouts=True,
    ),
    "python-sdk/": Client(patience=30),
    "AlterLab-Python-SDK/2.0.": Client(patience=120, words={"completed": "succeeded"}, reads_all_formats=True),
    "alterlab-node/": Client(
        patience=120, polls=False, reads_all_formats=True, reads_flat=True, writes_snake_case=True
    ),
    # Its node waits for a job that succeeds, and for a batch or crawl that is completed or failed, until time is up.
    "n8n": Client(polls=False, words={"partial": "completed"}, expects_pages=True),
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
