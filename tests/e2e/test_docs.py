"""The commands of the readme give its answer; links, make targets and files that README and docs name are there."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from tests.support.running import BOOTSTRAP_KEY, environment, free_port
from tests.support.waiting import PATIENCE, eventually

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
TARGET = re.compile(r"\bmake ([a-z-]+)")
NAMED = re.compile(r"`([a-z_/]+\.py): (\w+)`")


def blocks(page: Path, language: str) -> list[str]:
    return [text for name, text in BLOCK.findall(page.read_text()) if name == language]


def contains(whole: object, part: object) -> bool:
    """Whether `whole` has all that `part` says, at every depth."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and contains(whole[name], part[name]) for name in part)
    return whole == part


def test_readme_commands_give_the_readme_answer(tmp_path: Path) -> None:
    """The two commands as they stand, on another port and with the first key known."""
    serve, curl = blocks(ROOT / "README.md", "sh")
    (answer,) = blocks(ROOT / "README.md", "json")
    port = str(free_port())
    given = environment(
        ALTERLAB_PORT=port, ALTERLAB_DATA=str(tmp_path), ALTERLAB_BOOTSTRAP_API_KEY=BOOTSTRAP_KEY, KEY=BOOTSTRAP_KEY
    )
    del given["ALTERLAB_ALLOW_NETWORKS"]
    server = subprocess.Popen(serve.split(), cwd=ROOT, env=given, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        command = curl.replace("127.0.0.1:8000", f"127.0.0.1:{port}")

        def scraped() -> dict[str, object] | None:
            done = subprocess.run(["sh", "-c", command], env=given, capture_output=True, text=True, check=False)
            body = json.loads(done.stdout) if done.returncode == 0 else {}
            return body if "content" in body else None

        body = eventually(scraped, what="the answer of the readme")
        assert contains(body, json.loads(answer.replace("127.0.0.1:8000", f"127.0.0.1:{port}")))
    finally:
        os.killpg(server.pid, 2)
        server.wait(PATIENCE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere_and_make_targets_exist(page: Path) -> None:
    text = page.read_text()
    for link in LINK.findall(text):
        assert (page.parent / link).exists(), f"{page.name} links to {link}"
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for target in TARGET.findall("".join(re.findall(r"`[^`]+`|^make .*$", text, re.MULTILINE))):
        assert target in targets, f"{page.name} names make {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_named_with_its_file_stands_there(page: Path) -> None:
    for file, name in NAMED.findall(page.read_text()):
        code = (ROOT / "src" / "alterlab_server" / file).read_text()
        assert re.search(rf"^\s*(?:(?:async )?def|class) {name}\b|^{name} = ", code, re.MULTILINE), f"{file}: {name}"


def test_flow_names_files_that_exist() -> None:
    package = ROOT / "src" / "alterlab_server"
    named = re.findall(r"`([a-z_]+/[a-z_/]+(?:\.py)?)[:`]", (ROOT / "docs" / "flow.md").read_text())
    assert len(named) > 15
    for name in named:
        assert (package / name).exists() or (ROOT / name).exists(), name
