"""The compiled modules, and the same modules as Python runs them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import pytest

from alterlab_server.extract import extract
from alterlab_server.extract.body import features

EXTRACT = Path(features.__file__).parents[1]
PAGES = sorted((Path(__file__).parents[2] / "pages").glob("*/input.html"))
FORMATS = ("text", "markdown", "json")
# Run by a Python that finds the sources of extraction alone.
UNCOMPILED = """
import json, sys
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, SourceFileLoader
from pathlib import Path

def sources_alone(path):
    if not path.startswith(sys.argv[1]):
        raise ImportError
    return FileFinder(path, (SourceFileLoader, SOURCE_SUFFIXES))

sys.path_hooks.insert(0, sources_alone)
from alterlab_server.extract import extract
from alterlab_server.extract.body import features

assert features.__file__.endswith(".py")
for path in sys.argv[2:]:
    page = extract(Path(path).read_bytes(), formats=("text", "markdown", "json"))
    print(json.dumps([page.content, page.page_type, page.content_quality["score"]], default=str))
"""


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_compiled_modules_are_of_the_sources_as_they_are() -> None:
    newest = max(
        file.stat().st_mtime for file in (*EXTRACT.rglob("*.pxd"), *EXTRACT.rglob("*.py")) if _is_compiled(file)
    )
    for types in EXTRACT.rglob("*.pxd"):
        compiled = types.with_suffix(EXTENSION_SUFFIXES[0])
        assert compiled.exists(), f"{types.stem} is not compiled: make setup"
        assert compiled.stat().st_mtime >= newest, f"{types.stem} was changed after it was compiled: make setup"


def test_without_a_compiler_pages_give_the_same() -> None:
    command = [sys.executable, "-c", UNCOMPILED, str(EXTRACT), *map(str, PAGES)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(PAGES) > 50
    for path, uncompiled in zip(PAGES, found, strict=True):
        assert _of(path) == uncompiled, path


def _of(path: Path) -> list[Any]:
    page = extract(path.read_bytes(), formats=FORMATS)
    content: Mapping[str, Any] = page.content
    return list(json.loads(json.dumps([content, page.page_type, page.content_quality["score"]], default=str)))


def _is_compiled(file: Path) -> bool:
    return file.with_suffix(".pxd").exists()
