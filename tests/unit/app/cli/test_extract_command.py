import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alterlab_server.app.cli import app

PAGE = (
    b"<title>Boats</title><article><h1>Boats</h1>"
    b"<p>The harbour of Lowmark was built in 1874, when the railway came.</p>"
    b"<p>Today eleven boats are left, and their owners still meet at five in the morning to talk about the wind.</p>"
    b"<p><a href='book'>Book</a> of the harbour, which the council of the town has printed for eighty years now.</p>"
    b"</article>"
)


def lines(*arguments: str, status: int = 0) -> list[dict[str, object]]:
    done = CliRunner().invoke(app, ["extract", *arguments])
    assert done.exit_code == status, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_line_a_file_in_the_order_given(tmp_path: Path, jobs: str) -> None:
    names = [tmp_path / f"{name}.html.gz" for name in "cab"]
    for number, path in enumerate(names):
        path.write_bytes(gzip.compress(PAGE.replace(b"<title>Boats", b"<title>Boats %d" % number)))
    found = lines(*map(str, names), "--jobs", jobs, "--formats", "text,json", "--jsonl")
    assert [line["path"] for line in found] == [str(path) for path in names]
    assert all(set(line["content"]) == {"text", "json"} for line in found)  # type: ignore[call-overload]
    assert "railway" in str(found[0]["content"])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_broken_file_is_reported_on_its_line_and_at_the_end(tmp_path: Path, jobs: str) -> None:
    good, broken, absent = tmp_path / "good.html", tmp_path / "broken.html.gz", tmp_path / "absent.html"
    good.write_bytes(PAGE)
    broken.write_bytes(gzip.compress(PAGE)[:60])
    found = lines(*map(str, (broken, absent, good)), "--jobs", jobs, status=1)
    assert "cannot be read" in str(found[0]["error"])
    assert "cannot be read" in str(found[1]["error"])
    assert "error" not in found[2]


def test_links_are_resolved_against_the_address(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    found = lines(str(tmp_path / "page.html"), "--formats", "markdown", "--url", "https://example.com/a/")
    assert "https://example.com/a/book" in str(found[0]["content"])


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["extract", str(tmp_path / "x.html"), "--formats", "docx"])
    assert done.exit_code != 0
    assert "docx" in str(done.exception)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_dash_is_standard_input(jobs: str) -> None:
    done = CliRunner().invoke(app, ["extract", "-", "--formats", "text", "--jobs", jobs], input=gzip.compress(PAGE))
    assert "railway" in json.loads(done.stdout)["content"]["text"]
