"""Quality and speed of extraction against the peers that are installed, as `name: value` lines.

    make bench-extract CORPORA=FOLDER

FOLDER holds labelled corpora (`article`, `wcxb`, `product`, `recipe`): `<id>.html.gz` files with `truth.jsonl` beside
them, and a scorer at `../tools/score.py` that prints `corpus name value` lines. A corpus that is absent is left out.
"""

import argparse
import gzip
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alterlab_server.extract import extract

CORPORA = ("article", "wcxb", "product", "recipe")
FORMATS = ("text", "markdown", "json")
# Pages for the speed figures: enough for a stable mean, few enough for a quick run.
SPEED_PAGES = 120

Extractor = Callable[[bytes], Mapping[str, Any]]


def ours(body: bytes) -> Mapping[str, Any]:
    return extract(body, formats=FORMATS).content


def trafilatura() -> Extractor:
    module = importlib.import_module("trafilatura")
    return lambda body: {"text": module.extract(body) or ""}


def trafilatura_fast() -> Extractor:
    module = importlib.import_module("trafilatura")
    return lambda body: {"text": module.extract(body, fast=True) or ""}


def extruct() -> Extractor:
    """JSON-LD and microdata, the first node that has the field."""
    module = importlib.import_module("extruct")

    def run(body: bytes) -> Mapping[str, Any]:
        found = module.extract(body.decode("utf-8", "replace"), syntaxes=["json-ld", "microdata"], uniform=True)
        merged: dict[str, Any] = {}
        for node in [*found["json-ld"], *found["microdata"]]:
            for name, value in node.items():
                merged.setdefault(name, value)
        offers = merged.get("offers")
        offer = offers[0] if isinstance(offers, list) and offers else offers
        if isinstance(offer, dict):
            merged = {**offer, **merged}
        return {"json": merged}

    return run


PEERS: Mapping[str, tuple[Callable[[], Extractor], Sequence[str]]] = {
    "trafilatura": (trafilatura, ("article", "wcxb")),
    "trafilatura fast": (trafilatura_fast, ("article", "wcxb")),
    "extruct": (extruct, ("product", "recipe")),
}


def pages(corpus: Path) -> dict[Path, bytes]:
    return {path: gzip.decompress(path.read_bytes()) for path in sorted(corpus.glob("*.html.gz"))}


def attempt(extractor: Extractor, body: bytes) -> Mapping[str, Any]:
    """What an extractor gives; a peer that fails on a page gives nothing for it."""
    try:
        return extractor(body)
    except Exception as error:  # noqa: BLE001  what a peer raises is its own affair; it is counted as an empty page
        print(f"failed: {type(error).__name__}", file=sys.stderr)
        return {}


def score(name: str, corpus: Path, bodies: Mapping[Path, bytes], extractor: Extractor) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for path, body in bodies.items():
            content = dict(attempt(extractor, body))
            file.write(json.dumps({"path": str(path), "content": content}, default=str) + "\n")
        file.flush()
        scorer = corpus.parents[1] / "tools" / "score.py"
        done = subprocess.run([sys.executable, scorer, corpus, file.name], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        print(f"{name} {' '.join(line.split()[:-1])}: {line.split()[-1]}")


def speed(name: str, bodies: Sequence[bytes], extractor: Extractor) -> float:
    """Pages a second of one core, after a warm-up."""
    for body in bodies[:10]:
        attempt(extractor, body)
    started = time.process_time()
    for body in bodies:
        attempt(extractor, body)
    rate = len(bodies) / (time.process_time() - started)
    print(f"{name} pages a second: {rate:.1f}")
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    args = parser.parse_args()
    extractors: dict[str, tuple[Extractor, Sequence[str]]] = {"alterlab": (ours, CORPORA)}
    for name, (load, corpora) in PEERS.items():
        try:
            extractors[name] = (load(), corpora)
        except ModuleNotFoundError:
            print(f"{name}: not installed")
    timed: list[bytes] = []
    for corpus in CORPORA:
        folder = args.corpora / corpus
        if not (folder / "truth.jsonl").exists():
            continue
        bodies = pages(folder)
        timed += list(bodies.values())[: SPEED_PAGES // 2] if corpus in ("article", "wcxb") else []
        for name, (extractor, corpora) in extractors.items():
            if corpus in corpora:
                score(name, folder, bodies, extractor)
    if timed:
        own = speed("alterlab text+markdown+json", timed, ours)
        for name in ("trafilatura", "trafilatura fast"):
            if name in extractors:
                print(f"speed against {name}: {own / speed(f'{name} text', timed, extractors[name][0]):.2f}")


if __name__ == "__main__":
    main()
