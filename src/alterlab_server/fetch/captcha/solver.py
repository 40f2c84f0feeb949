"""A client of an outside solver, over the createTask/getTaskResult protocol that such services share."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from alterlab_server.base.page import Page
from alterlab_server.fetch.captcha.widgets import Widget
from alterlab_server.fetch.outcome import Failure, Verdict
from alterlab_server.fetch.request import FetchRequest

_log = logging.getLogger(__name__)

Fetch = Callable[[FetchRequest, float], Awaitable[Page | Failure]]

_MAX_ANSWER_BYTES = 262_144
_MAX_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class SolverOptions:
    """The operator's account with a solver: where it is, the key, and how many seconds to leave between questions."""

    base_url: str
    key: str = field(repr=False)
    poll_seconds: float = 3.0


class Solver:
    """Asks a solver for tokens. `fetch` sends the requests: a tier's method, so that they pass the egress gate."""

    def __init__(self, fetch: Fetch, options: SolverOptions) -> None:
        self._fetch = fetch
        self._options = options

    async def solve(self, widget: Widget, deadline: float) -> str | Failure:
        """A token for the widget, before `deadline` (seconds on the event loop's clock)."""
        answer = await self._ask("createTask", {"task": widget.task()}, deadline)
        while not isinstance(answer, Failure):
            if token := _token(answer, widget):
                return token
            if answer.get("status") == "ready":
                return Failure(Verdict.CAPTCHA, "The CAPTCHA solver gave no token.")
            task_id = answer.get("taskId")
            if task_id is None:
                return Failure(Verdict.CAPTCHA, "The CAPTCHA solver did not take the task.")
            answer = await self._poll(task_id, deadline)
        return answer

    async def _poll(self, task_id: Any, deadline: float) -> dict[str, Any] | Failure:
        if asyncio.get_running_loop().time() + self._options.poll_seconds >= deadline:
            return _too_late()
        await asyncio.sleep(self._options.poll_seconds)
        answer = await self._ask("getTaskResult", {"taskId": task_id}, deadline)
        return answer if isinstance(answer, Failure) else {"taskId": task_id, **answer}

    async def _ask(self, method: str, fields: Mapping[str, Any], deadline: float) -> dict[str, Any] | Failure:
        request = FetchRequest(
            f"{self._options.base_url.rstrip('/')}/{method}",
            method="POST",
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            body=orjson.dumps({"clientKey": self._options.key, **fields}),
            max_bytes=_MAX_ANSWER_BYTES,
            follow_redirects=False,  # the key is for this address
        )
        page = await self._fetch(request, deadline)
        if isinstance(page, Failure) and page.verdict is Verdict.TIMEOUT:
            return _too_late()
        if isinstance(page, Failure):
            _log.warning("the CAPTCHA solver could not be reached: %s", page.reason)
            return Failure(Verdict.CAPTCHA, "The CAPTCHA solver could not be reached.")
        return _checked(page)


def _too_late() -> Failure:
    return Failure(Verdict.CAPTCHA, "The CAPTCHA was not solved in time.")


def _checked(page: Page) -> dict[str, Any] | Failure:
    try:
        answer = orjson.loads(page.body)
    except orjson.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        return Failure(Verdict.CAPTCHA, f"The CAPTCHA solver answered with status {page.status} and no JSON object.")
    if answer.get("errorId"):
        trouble = str(answer.get("errorCode") or answer.get("errorDescription") or answer["errorId"])
        return Failure(Verdict.CAPTCHA, f"The CAPTCHA solver reports {trouble[:_MAX_REASON_CHARS]}.")
    return answer


def _token(answer: Mapping[str, Any], widget: Widget) -> str | None:
    solution = answer.get("solution")
    if answer.get("status") != "ready" or not isinstance(solution, dict):
        return None
    tokens = (solution.get(name) for name in widget.kind.solution)
    return next((token for token in tokens if isinstance(token, str) and token), None)
