"""The nine actions of `advanced.actions`: a table of names and functions."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from alterlab_server.fetch.browser.budget import Budget
from alterlab_server.fetch.browser.capture import take_screenshot
from alterlab_server.fetch.browser.scrolling import scroll_by, scroll_until_end
from alterlab_server.fetch.browser.values import TooDeepError, storable, well_formed
from alterlab_server.fetch.browser.waits import Quiet

_ACTION_SECONDS = 10.0  # for an element to appear and take a click
_WAIT_FOR_MS = 30_000
_SETTLE_SECONDS = 2.0
_QUIET_SECONDS = 0.15
_MAX_RESULT_CHARS = 100_000
_MAX_ERROR_CHARS = 500
_DEFAULT_SCROLLS = 10
_DEFAULT_SCROLL_WAIT_MS = 1_000

# Why Chromium does not read a script as an expression, of which none has run then.
_STATEMENTS = ("Illegal return", "await is only valid in async functions")

Fields = Mapping[str, Any]


class ActionError(Exception):
    """An action that could not be carried out; the text says why."""


@dataclass(slots=True)
class Stage:
    """What actions work on, and the pictures that they take (name to PNG)."""

    page: Page
    cdp: CDPSession
    quiet: Quiet
    budget: Budget
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def patience(self) -> float:
        """Milliseconds that an element is waited for."""
        return self.budget.milliseconds(_ACTION_SECONDS)

    async def settle(self) -> None:
        """Give what was set off a moment to finish."""
        await self.quiet.wait(_QUIET_SECONDS, self.budget.seconds(_SETTLE_SECONDS))


async def run_actions(stage: Stage, actions: tuple[Fields, ...]) -> tuple[dict[str, Any], ...]:
    """Carry out the actions in order. One that fails is recorded, and the next one is tried."""
    return tuple([await _run(stage, index, fields) for index, fields in enumerate(actions)])


async def _run(stage: Stage, index: int, fields: Fields) -> dict[str, Any]:
    clock = asyncio.get_running_loop().time
    begun = clock()
    row: dict[str, Any] = {"index": index, "type": str(fields.get("type", "")), "success": False}
    try:
        result = await _perform(stage, index, fields)
    except ActionError as error:
        row["error"] = well_formed(str(error))
    except Error as error:
        row["error"] = well_formed(error.message.partition("\n")[0][:_MAX_ERROR_CHARS])
    else:
        row["success"] = True
        if result is not None:
            row["result"] = result
    row["duration_ms"] = round((clock() - begun) * 1000)
    return row


async def _perform(stage: Stage, index: int, fields: Fields) -> Any:
    action = ACTIONS.get(str(fields.get("type", "")))
    if action is None:
        raise ActionError("There is no such action.")
    seconds = stage.budget.seconds()
    if not seconds:
        raise ActionError("No time was left for it.")
    try:
        async with asyncio.timeout(seconds):
            result = await action(stage, fields)
    except TimeoutError:
        raise ActionError("It took longer than there was time.") from None
    if isinstance(result, bytes):
        name = f"action_{index}"
        stage.files[name] = result
        return {"file": name}
    return result


async def _wait(stage: Stage, fields: Fields) -> None:
    await asyncio.sleep(stage.budget.seconds(_number(fields, "milliseconds", 1_000) / 1000))


async def _wait_for(stage: Stage, fields: Fields) -> None:
    milliseconds = stage.budget.milliseconds(_number(fields, "timeout", _WAIT_FOR_MS) / 1000)
    await stage.page.wait_for_selector(_text(fields, "selector"), timeout=milliseconds)


async def _click(stage: Stage, fields: Fields) -> None:
    await stage.page.click(_text(fields, "selector"), timeout=stage.patience)
    await stage.settle()


async def _fill(stage: Stage, fields: Fields) -> None:
    value = _text(fields, "value", "text")
    await stage.page.fill(_text(fields, "selector"), value, timeout=stage.patience)


async def _press(stage: Stage, fields: Fields) -> None:
    key = _text(fields, "key")
    if "selector" in fields:
        await stage.page.press(_text(fields, "selector"), key, timeout=stage.patience)
    else:
        await stage.page.keyboard.press(key)
    await stage.settle()


async def _scroll(stage: Stage, fields: Fields) -> None:
    direction = -1 if fields.get("direction") == "up" else 1
    await scroll_by(stage.page, direction * _number(fields, "amount", 1))
    await stage.settle()


async def _infinite_scroll(stage: Stage, fields: Fields) -> dict[str, int]:
    count = int(_number(fields, "max_scrolls", _DEFAULT_SCROLLS))
    settle = _number(fields, "wait", _DEFAULT_SCROLL_WAIT_MS) / 1000
    return {"scrolls": await scroll_until_end(stage.page, stage.quiet, count, settle, stage.budget)}


async def _screenshot(stage: Stage, _fields: Fields) -> bytes:
    return await take_screenshot(stage.page, stage.budget.seconds())


async def _evaluate(stage: Stage, fields: Fields) -> Any:
    """Run a script: an expression, or statements that `return` and may `await`. The DevTools protocol runs it whatever
    the page's content security policy says.
    """
    script = _text(fields, "script")
    answer = await _evaluated(stage, script)
    if any(sign in _exception(answer) for sign in _STATEMENTS):
        answer = await _evaluated(stage, f"(async () => {{\n{script}\n}})()")
    if trouble := _exception(answer):
        raise ActionError(trouble[:_MAX_ERROR_CHARS])
    try:
        value = storable(answer["result"].get("value"))
    except TooDeepError:
        raise ActionError("Its result is nested too deeply.") from None
    if len(json.dumps(value)) > _MAX_RESULT_CHARS:
        raise ActionError(f"Its result is longer than {_MAX_RESULT_CHARS} characters.")
    return value


async def _evaluated(stage: Stage, expression: str) -> dict[str, Any]:
    answer: dict[str, Any] = await stage.cdp.send(
        "Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True, "userGesture": True}
    )
    return answer


def _exception(answer: dict[str, Any]) -> str:
    details = answer.get("exceptionDetails")
    if not details:
        return ""
    thrown = details.get("exception", {})
    return str(thrown.get("description") or thrown.get("value") or details["text"]).partition("\n")[0]


def _text(fields: Fields, *names: str) -> str:
    for name in names:
        if isinstance(fields.get(name), str):
            return str(fields[name])
    raise ActionError(f"It needs the field {names[0]}.")


def _number(fields: Fields, name: str, default: float) -> float:
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ActionError(f"The field {name} must be a number that is not negative.")
    return float(value)


ACTIONS: Mapping[str, Callable[[Stage, Fields], Awaitable[Any]]] = {
    "wait": _wait,
    "wait_for": _wait_for,
    "click": _click,
    "fill": _fill,
    "press": _press,
    "scroll": _scroll,
    "infinite_scroll": _infinite_scroll,
    "screenshot": _screenshot,
    "evaluate": _evaluate,
}
