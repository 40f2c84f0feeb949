"""`alterlab scrape`: one page without a server, to standard output."""

import sys
from datetime import timedelta
from typing import Annotated, Any

import orjson
import typer
import uvloop
from pydantic import ValidationError

from alterlab_server.app import logs
from alterlab_server.app.cli.flags import NetworksFlag
from alterlab_server.app.settings import Settings
from alterlab_server.base.clock import new_id, utc_now
from alterlab_server.jobs.schemas import Ending
from alterlab_server.scrape.options import timeout_of
from alterlab_server.scrape.schemas import ScrapeRequest
from alterlab_server.web.errors import validation_error


def scrape(
    url: Annotated[str, typer.Argument(help="The page.")],
    formats: Annotated[str, typer.Option(help="Comma-separated: text, html, markdown, json, …")] = "markdown",
    json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    timeout: Annotated[int | None, typer.Option(min=1, max=300, help="Seconds for everything.")] = None,
    max_tier: Annotated[str | None, typer.Option(help="Highest tier to try: 1, 2, 3, 3.5, 4, 5.")] = None,
    allow_networks: NetworksFlag = None,
) -> None:
    """Scrape one page without a server: nothing is stored, nothing is charged."""
    settings = Settings.with_flags(allow_networks=allow_networks, extraction_processes=1)
    logs.configure(settings)
    request = _request(url=url, formats=formats.split(","), timeout=timeout, cost_controls={"max_tier": max_tier})
    ending = uvloop.run(_run(request, settings))
    if ending.error is not None:
        sys.exit(f"alterlab: {ending.error.message} ({ending.error.code})")
    _print(orjson.loads(ending.result or b"{}"), whole=json)


def _request(**fields: Any) -> ScrapeRequest:
    try:
        return ScrapeRequest.model_validate(fields)
    except ValidationError as error:
        raise validation_error(error.errors(), fields) from error


async def _run(request: ScrapeRequest, settings: Settings) -> Ending:
    from alterlab_server.app.worker import opened_toolbox
    from alterlab_server.scrape.run import Assignment
    from alterlab_server.scrape.run import scrape as run

    async with opened_toolbox(settings) as tools:
        deadline_at = utc_now() + timedelta(seconds=timeout_of(request))
        return (await run(Assignment(new_id(), request, None, deadline_at), tools)).ending


def _print(result: dict[str, Any], *, whole: bool) -> None:
    if whole:
        print(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode())
        return
    for value in result["content"].values():
        print(value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
