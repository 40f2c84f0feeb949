"""Pages that nobody wrote for a test: Debian's documentation of Python, from a local server."""

import functools
import html
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.e2e.conftest import Client
from tests.support.accounts import Account

DOCUMENTATION = Path("/usr/share/doc/python3/html")
PAGES = 36
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_HEADING = re.compile(r"^# (.+)$", re.MULTILINE)
_LINK_TARGET = re.compile(r"\]\([^)]*\)")

pytestmark = pytest.mark.skipif(
    not DOCUMENTATION.exists(), reason=f"{DOCUMENTATION} is not there; on Debian: apt-get install python3-doc"
)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def documentation() -> Iterator[str]:
    """Where the documentation is served."""
    handler = functools.partial(_Quiet, directory=str(DOCUMENTATION.resolve()))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def chosen() -> list[str]:
    """The same few dozen pages each time, from all over the documentation."""
    found = sorted((DOCUMENTATION / "library").glob("*.html")) + sorted((DOCUMENTATION / "tutorial").glob("*.html"))
    return [path.relative_to(DOCUMENTATION).as_posix() for path in found[:: max(1, len(found) // PAGES)]]


async def test_each_page_gives_its_title_and_its_text(client: Client, account: Account, documentation: str) -> None:
    pages = chosen()
    headed = 0
    for page in pages:
        body = {"url": f"{documentation}/{page}", "mode": "html", "formats": ["markdown", "text"]}
        answer = await client.post("/scrape", json=body)
        assert answer.status_code == 200, answer.text
        wanted = _title(DOCUMENTATION / page)
        content = answer.json()["content"]
        assert wanted in _plain(answer.json()["title"]), page
        assert len(content["text"].split()) > 50, page
        assert "<div" not in content["markdown"], page
        heading = _HEADING.search(content["markdown"])
        headed += heading is not None and wanted in _plain(_LINK_TARGET.sub("", heading.group(1)))
    assert headed >= 0.9 * len(pages), "the page's own heading is the first of its markdown"
    assert await account.charges() == [200] * len(pages)


def _title(path: Path) -> str:
    """The subject of a page: its title up to the dash."""
    found = _TITLE.search(path.read_text(encoding="utf-8"))
    assert found is not None
    return _plain(html.unescape(found.group(1)).partition(" —")[0])


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())
