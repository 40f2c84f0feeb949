"""A CAPTCHA solver that speaks the createTask/getTaskResult protocol, and pages that want its tokens."""

import itertools
import json
from urllib.parse import parse_qs

from tests.site.registry import page
from tests.site.wire import Request, Wire

KEY = "operator-key"
"""The one account that the solver knows."""

SITE_KEY = "site-key-1"
SECRET = "What the CAPTCHA held back."

_tasks: dict[int, dict[str, object]] = {}
_numbers = itertools.count(1)


def token(site_key: str, task_type: str) -> str:
    return f"token for {site_key} as {task_type}"


@page("/solver/createTask")
async def create_task(request: Request, wire: Wire) -> None:
    """Takes a task; an unknown account is an error, as is the site key "unsolvable" later."""
    asked = json.loads(request.body)
    if asked["clientKey"] != KEY:
        await _json(wire, {"errorId": 1, "errorCode": "ERROR_KEY_DOES_NOT_EXIST", "errorDescription": "no such key"})
        return
    number = next(_numbers)
    _tasks[number] = {"task": asked["task"], "asked": 0}
    await _json(wire, {"errorId": 0, "taskId": number})


@page("/solver/getTaskResult")
async def get_task_result(request: Request, wire: Wire) -> None:
    """Says "processing" once, then gives the token."""
    state = _tasks[json.loads(request.body)["taskId"]]
    task, asked = state["task"], state["asked"]
    assert isinstance(task, dict)
    state["asked"] = 1
    if asked == 0:
        await _json(wire, {"errorId": 0, "status": "processing"})
    elif task["websiteKey"] == "unsolvable":
        await _json(wire, {"errorId": 12, "errorCode": "ERROR_CAPTCHA_UNSOLVABLE"})
    elif task["websiteKey"] != "endless":
        name = "token" if task["type"].startswith("Turnstile") else "gRecaptchaResponse"
        solution = {name: token(task["websiteKey"], task["type"])}
        await _json(wire, {"errorId": 0, "status": "ready", "solution": solution})
    else:
        await _json(wire, {"errorId": 0, "status": "processing"})


@page("/solver-broken/createTask")
async def broken(request: Request, wire: Wire) -> None:
    """A solver that is down."""
    await wire.respond("<h1>Bad gateway</h1>", status=502)


@page("/captcha/form/*")
async def form(request: Request, wire: Wire) -> None:
    """A gate with the widget that the path names, under ?key=; the right token shows the page behind."""
    kind = request.path.rpartition("/")[2]
    field, task_type, mark = _FORMS[kind]
    given = parse_qs(request.body.decode()).get(field, [""])[0]
    if given == token(SITE_KEY, task_type):
        await wire.respond(f"<!doctype html><h1>{SECRET}</h1>")
        return
    await wire.respond(
        "<!doctype html><title>One more step</title><p>Please confirm that you are human.</p>"
        f'<form method="post">{mark.format(key=request.query("key", SITE_KEY))}</form>'
    )


_FORMS = {
    "recaptcha": (
        "g-recaptcha-response",
        "RecaptchaV2TaskProxyless",
        '<div class="g-recaptcha" data-sitekey="{key}"></div>'
        '<textarea name="g-recaptcha-response" style="display:none"></textarea>',
    ),
    "hcaptcha": (
        "h-captcha-response",
        "HCaptchaTaskProxyless",
        '<div class="h-captcha" data-sitekey="{key}"></div>',
    ),
    "turnstile": (
        "cf-turnstile-response",
        "TurnstileTaskProxyless",
        '<div class="cf-turnstile" data-sitekey="{key}" data-action="open"></div>',
    ),
    "framed": (
        "g-recaptcha-response",
        "RecaptchaV2TaskProxyless",
        '<iframe src="/recaptcha/api2/anchor?k={key}&size=normal"></iframe>',
    ),
}


@page("/captcha/callback")
async def callback(request: Request, wire: Wire) -> None:
    """Renders its widget by script, and its callback asks for the page behind."""
    await wire.respond(
        f"""<!doctype html><title>One more step</title><p>Please confirm that you are human.</p>
        <div id="box"></div>
        <script>window.turnstile = {{render() {{ return "widget-1" }}}};</script>
        <script>turnstile.render("#box", {{sitekey: "{SITE_KEY}", cData: "extra", callback: async (token) => {{
          const answer = await fetch("/captcha/check", {{method: "POST", body: token}});
          document.body.textContent = await answer.text();
        }}}});</script>"""
    )


@page("/captcha/score")
async def score(request: Request, wire: Wire) -> None:
    """Asks reCAPTCHA v3 for a token, and the server for the page behind."""
    await wire.respond(
        f"""<!doctype html><title>Please wait</title><p id="p"></p>
        <script>window.grecaptcha = {{ready(f) {{ f() }}, execute() {{ return Promise.reject("low score") }}}};</script>
        <script>grecaptcha.ready(() => grecaptcha.execute("{SITE_KEY}", {{action: "read"}}).then(async (token) => {{
          const answer = await fetch("/captcha/check", {{method: "POST", body: token}});
          document.getElementById("p").textContent = await answer.text();
        }}));</script>"""
    )


@page("/captcha/check")
async def check(request: Request, wire: Wire) -> None:
    """Gives the page behind for a right token."""
    right = {token(SITE_KEY, "TurnstileTaskProxyless"), token(SITE_KEY, "RecaptchaV3TaskProxyless")}
    await wire.respond(SECRET if request.body.decode() in right else "no", content_type="text/plain")


async def _json(wire: Wire, answer: dict[str, object]) -> None:
    await wire.respond(json.dumps(answer), content_type="application/json")
