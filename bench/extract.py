"""Quality and speed of extraction beside its peers, measured in one run.

Usage: make bench-extract CORPORA=FOLDER. FOLDER holds labelled corpora (`article`, `wcxb`, `product`, `recipe`), each
with pages as `<id>.html.gz` and their `truth.jsonl`; a scorer that prints `corpus figure value` lines is expected at
`FOLDER/../tools/score.py`, or where --scorer says. Prints `name: value` lines; a corpus that is absent is left out.
"""

import argparse
import gzip
import importlib
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from alterlab_server.extract import extract

BODY, STRUCTURED = ("article", "wcxb"), ("product", "recipe")
FORMATS = ("text", "markdown", "json")
# For the speed: each page in so many rounds; the first ones warm up.
ROUNDS, WARM_UP = 3, 10

Extractor = Callable[[bytes], Mapping[str, Any]]


def alterlab() -> Extractor:
    return lambda body: extract(body, formats=FORMATS).content


def trafilatura() -> Extractor:
    module = importlib.import_module("trafilatura")
    return lambda body: {"text": module.extract(body) or ""}


def trafilatura_fast() -> Extractor:
    module = importlib.import_module("trafilatura")
    return lambda body: {"text": module.extract(body, fast=True) or ""}


def readability() -> Extractor:
    """readability-lxml gives markup; lxml gives its text."""
    document = importlib.import_module("readability").Document
    parse = importlib.import_module("lxml.html").fromstring
    return lambda body: {"text": parse(document(body.decode("utf-8", "replace")).summary()).text_content()}


def resiliparse() -> Extractor:
    tree = importlib.import_module("resiliparse.parse.html").HTMLTree
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda body: {"text": plain(tree.parse(body.decode("utf-8", "replace")), main_content=True)}


def extruct() -> Extractor:
    """JSON-LD and microdata: of the nodes of a product or a recipe, else of all, the first that has the field."""
    module = importlib.import_module("extruct")

    def run(body: bytes) -> Mapping[str, Any]:
        text = body.decode("utf-8", "replace")
        found = module.extract(text, syntaxes=["json-ld", "microdata"], uniform=True, errors="ignore")
        given = [*found.get("json-ld", ()), *found.get("microdata", ())]
        nodes = [inner for node in given for inner in (node, *node.get("@graph", ())) if isinstance(inner, dict)]
        about = [node for node in nodes if {"Product", "Recipe"} & set(listed(node.get("@type")))]
        merged: dict[str, Any] = {}
        for node in about or nodes:
            for holder in (node, *(offer for offer in listed(node.get("offers")) if isinstance(offer, dict))):
                merged = holder | merged
        return {"json": merged}

    return run


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# What is measured, on which corpora; ours comes first.
TOOLS: Sequence[tuple[Callable[[], Extractor], Sequence[str]]] = (
    (alterlab, BODY + STRUCTURED),
    (trafilatura, BODY),
    (trafilatura_fast, BODY),
    (readability, BODY),
    (resiliparse, BODY),
    (extruct, STRUCTURED),
)


def pages(corpus: Path) -> dict[Path, bytes]:
    return {path: gzip.decompress(path.read_bytes()) for path in sorted(corpus.glob("*.html.gz"))}


def attempt(extractor: Extractor, body: bytes) -> Mapping[str, Any]:
    """What an extractor gives; a peer that fails on a page gives nothing for it."""
    try:
        return extractor(body)
    except Exception as error:  # noqa: BLE001  what a peer raises is its own affair; it is counted as an empty page
        print(f"failed: {type(error).__name__}", file=sys.stderr)
        return {}


def score(name: str, corpus: Path, extractor: Extractor, scorer: Path) -> None:
    """Print the scorer's figures for one tool on one corpus."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for path, body in pages(corpus).items():
            content = dict(attempt(extractor, body))
            file.write(json.dumps({"path": str(path), "content": content}, default=str) + "\n")
        file.flush()
        done = subprocess.run([sys.executable, scorer, corpus, file.name], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        print(f"{name}_{'_'.join(line.split()[:-1])}: {line.split()[-1]}", flush=True)


def seconds(body: bytes, extractor: Extractor) -> float:
    """CPU time for one page."""
    started = time.process_time()
    attempt(extractor, body)
    return time.process_time() - started


def compare_speed(folder: Path, tools: Mapping[str, Extractor]) -> None:
    """Print pages a second of one core, ours with all FORMATS and the peers with plain text, and the ratios.

    The tools take turns at each page, and of a page the best time of all rounds counts: the machine's own speed may
    change from one second to the next. A round goes through all pages of all corpora, which are more than any tool
    remembers the links or lines of.
    """
    bodies = [(corpus, body) for corpus in BODY for body in pages(folder / corpus).values()]
    for (_, body), extractor in product(bodies[:WARM_UP], tools.values()):
        attempt(extractor, body)
    best = {name: [math.inf] * len(bodies) for name in tools}
    for _, (place, (_, body)), name in product(range(ROUNDS), enumerate(bodies), tools):
        best[name][place] = min(best[name][place], seconds(body, tools[name]))
    for corpus in BODY:
        places = [place for place, (name, _) in enumerate(bodies) if name == corpus]
        spent = {name: sum(times[place] for place in places) for name, times in best.items()}
        for name, total in spent.items():
            print(f"{name}_{corpus}_pages_per_second: {len(places) / total:.1f}")
        for name in list(spent)[1:]:
            print(f"{corpus}_speed_vs_{name}_ratio: {spent[name] / spent['alterlab']:.2f}", flush=True)


def main() -> None:
    """Measure what is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--scorer", type=Path, help="by default tools/score.py beside the folder of the corpora")
    args = parser.parse_args()
    scorer = args.scorer or args.corpora.resolve().parent / "tools" / "score.py"
    present = [name for name in BODY + STRUCTURED if (args.corpora / name / "truth.jsonl").exists()]
    readers: dict[str, Extractor] = {}
    for load, corpora in TOOLS:
        try:
            extractor = load()
        except ModuleNotFoundError:
            print(f"{load.__name__}: not installed")
            continue
        for corpus in [name for name in corpora if name in present]:
            score(load.__name__, args.corpora / corpus, extractor, scorer)
        if set(BODY) <= set(corpora):
            readers[load.__name__] = extractor
    if set(BODY) <= set(present):
        compare_speed(args.corpora, readers)


if __name__ == "__main__":
    main()
