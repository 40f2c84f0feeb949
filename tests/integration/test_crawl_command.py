"""`alterlab crawl`, without a server."""

import asyncio
import contextlib
import os
import pty
import sys
from pathlib import Path

import orjson
from tests.site import HostileSite
from tests.support.running import environment


async def _crawl(*arguments: str, errors_to: int = asyncio.subprocess.PIPE) -> tuple[int, bytes, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "alterlab_server.app.cli", "crawl", *arguments, "--max-tier", "1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=errors_to,
        env=environment(TERM="xterm"),
    )
    out, err = await process.communicate()
    return process.returncode or 0, out, err or b""


async def test_a_folder_has_a_file_for_each_page(site: HostileSite, tmp_path: Path) -> None:
    status, _, err = await _crawl(site.url("/tree/0"), "--max-depth", "10", "--out", str(tmp_path / "out"))
    assert status == 0, err
    files = sorted((tmp_path / "out").iterdir())
    assert {path.suffix for path in files} == {".md"}
    headings = {path.read_text().partition("\n")[0] for path in files}
    assert headings == {f"# Page {number}" for number in range(40)}


async def test_lines_of_json_on_standard_output(site: HostileSite) -> None:
    status, out, err = await _crawl(site.url("/tree/0"), "--max-pages", "5", "--exclude", "/tree/2")
    assert status == 0, err
    pages = [orjson.loads(line) for line in out.splitlines()]
    assert len(pages) == 5
    assert not any(page["url"].endswith("/tree/2") for page in pages)
    assert all(page["content"]["markdown"].startswith("# Page") for page in pages)


async def test_a_terminal_shows_how_many_pages_there_are(site: HostileSite) -> None:
    reading, writing = pty.openpty()
    shown = asyncio.create_task(asyncio.to_thread(_read_to_the_end, reading))
    status, out, _ = await _crawl(site.url("/tree/0"), "--max-pages", "3", errors_to=writing)
    os.close(writing)
    assert b"3/3" in await shown
    assert (status, len(out.splitlines())) == (0, 3), "what is shown does not mix with the results"


def _read_to_the_end(terminal: int) -> bytes:
    """What a terminal is sent until nobody has it open any more."""
    read = b""
    with contextlib.suppress(OSError), open(terminal, "rb", buffering=0) as stream:
        while piece := stream.read(4096):
            read += piece
    return read


async def test_a_page_that_fails_has_a_line_too(site: HostileSite) -> None:
    status, out, err = await _crawl("http://127.0.0.1:1/", "--max-pages", "5")
    assert status == 1, "a script must see that nothing came of it"
    assert orjson.loads(out)["status"] == "failed"
    assert b"no page could be scraped" in err
    assert b"Traceback" not in err


async def test_each_format_has_a_file_of_its_own(site: HostileSite, tmp_path: Path) -> None:
    wanted = ("--max-pages", "1", "--formats", "html,raw,json")
    status, _, err = await _crawl(site.url("/tree/0"), *wanted, "--out", str(tmp_path / "out"))
    assert status == 0, err
    ends = [path.name.rpartition("-")[2].partition(".")[2] for path in (tmp_path / "out").iterdir()]
    assert sorted(ends) == ["html", "json", "raw.html"]


async def test_a_file_where_the_folder_should_be_is_told_in_a_sentence(site: HostileSite, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    status, out, err = await _crawl(site.url("/tree/0"), "--out", str(tmp_path / "taken"))
    assert (status, out) == (1, b"")
    assert err.startswith(b"alterlab: ")
    assert b"Traceback" not in err
