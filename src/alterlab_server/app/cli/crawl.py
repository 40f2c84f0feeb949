"""`alterlab crawl`: a whole site without a server, to a folder or to standard output."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
import uvloop
from pydantic import ValidationError

from alterlab_server.app import logs
from alterlab_server.app.cli.flags import NetworksFlag
from alterlab_server.app.settings import Settings
from alterlab_server.crawl.schemas import CrawlRequest
from alterlab_server.crawl.values import Visited
from alterlab_server.web.errors import validation_error

Write = Callable[[Visited], None]
# What a format's file is called; JSON for those that are no text.
_SUFFIXES = {"markdown": "md", "text": "txt", "html": "html", "raw": "raw.html"}
_LONGEST_NAME = 150


def crawl(
    url: Annotated[str, typer.Argument(help="Where to start.")],
    max_pages: Annotated[int, typer.Option(min=1, max=100_000, help="Pages to scrape at most.")] = 50,
    max_depth: Annotated[int, typer.Option(min=0, max=50, help="Links to follow from the start page on.")] = 3,
    out: Annotated[str, typer.Option(help="A folder, with a file a page; or - for JSON lines.")] = "-",
    formats: Annotated[str, typer.Option(help="Comma-separated: text, html, markdown, json, …")] = "markdown",
    include: Annotated[list[str] | None, typer.Option(help="Only paths like this, such as '/docs/*'.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="No paths like this.")] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=50, help="Requests at a time.")] = 10,
    delay: Annotated[float, typer.Option(min=0, max=30, help="Least seconds between two requests.")] = 0,
    max_tier: Annotated[str | None, typer.Option(help="Highest tier to try: 1, 2, 3, 3.5, 4, 5.")] = None,
    ignore_robots: Annotated[bool, typer.Option("--ignore-robots", help="Do not heed robots.txt.")] = False,
    allow_networks: NetworksFlag = None,
) -> None:
    """Crawl a site without a server: nothing is stored, nothing is charged."""
    settings = Settings.with_flags(allow_networks=allow_networks)
    logs.configure(settings)
    request = _request(
        url=url,
        max_pages=max_pages,
        max_depth=max_depth,
        formats=formats.split(","),
        include_patterns=include,
        exclude_patterns=exclude,
        max_concurrency=concurrency,
        advanced={"delay": delay},
        cost_controls={"max_tier": max_tier},
        respect_robots=not ignore_robots,
    )
    write = _to_output if out == "-" else _to_folder(Path(out))
    with _progress() as show:
        completed = uvloop.run(_run(request, settings, write, show))
    if not completed:
        sys.exit("alterlab: no page could be scraped; robots.txt may forbid it.")


async def _run(request: CrawlRequest, settings: Settings, write: Write, show: Callable[[int, int], None]) -> int:
    from alterlab_server.app.worker import opened_toolbox
    from alterlab_server.crawl.local import crawl_here

    def on_page(page: Visited, ended: int, total: int) -> None:
        write(page)
        show(ended, total)

    async with opened_toolbox(settings) as tools:
        return await crawl_here(request, tools, on_page)


def _request(**fields: Any) -> CrawlRequest:
    try:
        return CrawlRequest.model_validate(fields)
    except ValidationError as error:
        raise validation_error(error.errors(), fields) from error


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, when that is a terminal; the results may go to standard output.

    They are shown above the bar only where that is a terminal as well: else they belong into the file they go to.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("pages"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console, together = Console(stderr=True), sys.stdout.isatty()
    with Progress(*columns, console=console, redirect_stdout=together, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("pages", total=None)
        yield lambda ended, total: bar.update(task, completed=ended, total=total)


def _to_output(page: Visited) -> None:
    line = {"url": page.visit.url, "status": page.state}
    result = orjson.loads(page.result) if page.result else {"error": page.error, "error_code": page.error_code}
    print(orjson.dumps(result | line).decode(), flush=True)


def _to_folder(folder: Path) -> Write:
    folder.mkdir(parents=True, exist_ok=True)

    def write(page: Visited) -> None:
        if page.result is None:
            print(f"{page.visit.url}: {page.error} ({page.error_code})", file=sys.stderr)
            return
        for name, value in orjson.loads(page.result)["content"].items():
            text = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
            path = folder / f"{_file_name(page)}.{_SUFFIXES.get(name, f'{name}.json' if name != 'json' else 'json')}"
            path.write_text(text, encoding="utf-8")

    return write


def _file_name(page: Visited) -> str:
    """The address as a file name; the fingerprint keeps addresses apart that look alike then."""
    rest = page.visit.url.partition("://")[2].strip("/")
    plain = "".join(letter if letter.isalnum() or letter in ".-" else "_" for letter in rest)
    return f"{plain[:_LONGEST_NAME]}-{page.visit.fingerprint & 0xFFFF_FFFF:08x}"
