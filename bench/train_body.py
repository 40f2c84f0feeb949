"""Fit the weights by which the body of a page is found, and tell how they do on pages they were not fitted on.

    uv run --with lightgbm --with scikit-learn python -m bench.train_body CORPORA DOCUMENTATION [--check SEED]

CORPORA holds the folders `article` and `wcxb` of labelled pages (`<id>.html.gz` with `truth.jsonl`), DOCUMENTATION is
what `bench.documentation` made. Pages of one host, and of one theme of documentation, stay in one of five parts.
`--check` only measures: each part is judged, from its markup to its text, by weights fitted on the other four. Without
it they are fitted on all pages and written to lexicon.json, trees.json and page_types.json in
src/alterlab_server/extract/body.
"""

import argparse
import gzip
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

import lightgbm
import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from alterlab_server.extract.body.blocks import Layout
from alterlab_server.extract.body.carve import carve_body
from alterlab_server.extract.body.columns import Columns
from alterlab_server.extract.body.features import FIRST, columns
from alterlab_server.extract.body.forest import LEAVES, Forest
from alterlab_server.extract.body.hints import Hints, read_hints
from alterlab_server.extract.body.lexicon import Lexicon, terms
from alterlab_server.extract.body.model import Judge
from alterlab_server.extract.body.page_type import PAGE_TYPES, PageTypes, page_numbers, page_terms, standard_numbers
from alterlab_server.extract.body.smooth import write_second
from alterlab_server.extract.body.structure import Structure
from alterlab_server.extract.body.unseen import drop_unseen
from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.charset import decode
from alterlab_server.extract.tidy import tidy
from alterlab_server.frontier.scope import registrable_domain
from bench.body_words import MEANINGS, NAME_MEANINGS

PARTS = 5
WORD = re.compile(r"\w+")
BODY = Path(__file__).parents[1] / "src/alterlab_server/extract/body"
# A term on fewer hosts says more about a site than about pages.
MIN_HOSTS = 10
LEXICON_REGULARISATION, TYPES_REGULARISATION = 0.02, 0.1
# Weights closer to zero than these are left out.
LEXICON_LEAST, TYPES_LEAST = 0.02, 0.03
# What a page declares of itself (`page_terms`) says more than a class name: its weights are regularised that much less.
DECLARED, DECLARED_TRUST = "top", 4.0
# What the pages of a folder weigh against those of others: the themes of documentation are few.
WEIGHTS = {"article": 2.0, "wcxb": 1.0, "documentation": 0.25}
# A folder of pages of one type says how these differ from others, but nothing of how usual they are.
ONE_TYPE = ("documentation",)
# A page of which less of the marked content can be found again was marked on another version of it.
LEAST_FOUND = 0.3
PARAMETERS = {
    "objective": "cross_entropy", "num_leaves": LEAVES, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5,
    "learning_rate": 0.07, "feature_fraction": 0.4, "min_data_in_leaf": 200, "min_sum_hessian_in_leaf": 8,
    "extra_trees": True, "max_bin": 63, "verbose": -1, "num_threads": 1, "seed": 1, "deterministic": True,
}  # fmt: skip
FIRST_TREES, SECOND_TREES = 150, 100


@dataclass
class Labelled:
    """A page with the share of each block that is content."""

    corpus: str
    kind: str
    host: str
    truth: str
    document: Document
    hints: Hints
    layout: Layout
    part: int = 0
    labels: Any = None
    weights: Any = None
    usable: bool = False
    structure: Structure | None = None
    terms: list[Counter[str]] = field(default_factory=list)
    page_terms: set[str] = field(default_factory=set)

    def columns(self, lexicon: Lexicon) -> Columns:
        """The columns of the page; those of the second look are still zero."""
        assert self.structure is not None
        return columns(self.layout, self.structure, lexicon, self.hints)


def load(folders: Mapping[str, Path], seed: str) -> Iterator[Labelled]:
    for corpus, folder in folders.items():
        for line in (folder / "truth.jsonl").read_text(encoding="utf-8").strip().split("\n"):
            row = json.loads(line)
            source, _ = decode(gzip.decompress((folder / f"{row['id']}.html.gz").read_bytes()))
            label = row.get("ground_truth") or row
            kind = ((row.get("_internal") or {}).get("page_type") or {}).get("primary", "article")
            kind = "collection" if kind == "category" else kind
            host = registrable_domain(urlsplit(row.get("url") or "").hostname or row["id"])
            page = _labelled(corpus, kind, host, label.get("main_content") or label.get("text") or "", source)
            page.part = int(hashlib.md5((seed + host).encode()).hexdigest(), 16) % PARTS
            yield page


def _labelled(corpus: str, kind: str, host: str, truth: str, source: str) -> Labelled:
    document = Document(source)
    drop_unseen(document)
    page = Labelled(corpus, kind, host, truth, document, read_hints(document), Layout(document.tree.find("body")))
    page.page_terms = page_terms(page.layout, page.hints)
    if page.layout.blocks:
        page.terms = [Counter(found) for found in terms(page.layout.blocks)]
        page.structure = Structure(page.layout)
        label(page)
    return page


def label(page: Labelled) -> None:
    """Set the share of each block's words that stand in the truth in the same order, and what each block weighs."""
    wanted = WORD.findall(page.truth.lower())
    found = [WORD.findall(block.text.lower()) for block in page.layout.blocks]
    counts = np.array([len(words) for words in found])
    shares = covered_shares(wanted, found, counts)
    lines = {" ".join(WORD.findall(line.lower())) for line in page.truth.split("\n")}
    for index in np.flatnonzero((counts > 0) & (counts < 3) & (shares < 0.5)):
        if " ".join(found[index]) in lines:
            shares[index] = 0.6
    drop_copies(" ".join(wanted), [" ".join(words) for words in found], shares, counts)
    total = max(len(wanted), 50)
    page.labels = shares
    page.weights = (counts + 0.5) * (counts > 0) / min(max(counts.sum(), total), 4 * total) * 100
    page.weights *= WEIGHTS[page.corpus]
    page.usable = bool(wanted) and (shares * counts).sum() > LEAST_FOUND * len(wanted)


def covered_shares(wanted: Sequence[str], found: Sequence[Sequence[str]], counts: Any) -> Any:
    words = [word for block in found for word in block]
    owners = np.repeat(np.arange(len(found)), counts)
    covered = np.zeros(len(words))
    for size in (5, 3):
        grams = {tuple(wanted[i : i + size]) for i in range(len(wanted) - size + 1)}
        for i in range(len(words) - size + 1):
            if tuple(words[i : i + size]) in grams:
                value = 1.0 if owners[i] == owners[i + size - 1] else 0.9
                covered[i : i + size] = np.maximum(covered[i : i + size], value)
    return np.bincount(owners, covered, minlength=len(found)) / np.maximum(counts, 1)


def drop_copies(truth: str, texts: Sequence[str], shares: Any, counts: Any) -> None:
    """Of blocks alike, keep as many as the truth has: those with most content around them."""
    copies = defaultdict(list)
    for index, text in enumerate(texts):
        if text and shares[index] > 0.5:
            copies[text].append(index)
    for text, places in copies.items():
        wanted = f" {truth} ".count(f" {text} ")
        if not 0 < wanted < len(places):
            continue
        around = {}
        for place in places:
            others = [i for i in range(max(0, place - 6), min(len(texts), place + 7)) if texts[i] != text]
            around[place] = sum(shares[i] * counts[i] for i in others) / (sum(counts[i] for i in others) + 1)
        for place in sorted(places, key=lambda place: -around[place])[wanted:]:
            shares[place] = 0.1


def common(pages: Sequence[Labelled], terms_of: Sequence[set[str]]) -> list[str]:
    """The terms that pages of enough hosts have."""
    hosts: dict[str, set[str]] = defaultdict(set)
    for page, found in zip(pages, terms_of, strict=True):
        for term in found:
            hosts[term].add(page.host)
    return sorted(term for term, known in hosts.items() if len(known) >= MIN_HOSTS)


def fit_lexicon(pages: Sequence[Labelled]) -> dict[str, float]:
    vocabulary = {term: i for i, term in enumerate(common(pages, [set().union(*page.terms) for page in pages]))}
    rows = []
    for page in pages:
        known = [{vocabulary[t]: n for t, n in found.items() if t in vocabulary} for found in page.terms]
        pointers = np.cumsum([0, *map(len, known)])
        values = np.array([n for row in known for n in row.values()], float)
        rows.append(csr_matrix((values, [i for row in known for i in row], pointers), (len(known), len(vocabulary))))
    weights = np.concatenate([page.weights for page in pages])
    model = LogisticRegression(C=LEXICON_REGULARISATION, solver="liblinear", max_iter=60, tol=1e-3)
    target = np.concatenate([page.labels > 0.5 for page in pages])
    model.fit(vstack(rows), target, sample_weight=weights / weights.mean())
    weights = {term: round(float(model.coef_[0][i]), 3) for term, i in vocabulary.items()}
    # A class name stays in any case: those that are not known are searched for known ones.
    weights = {term: weight for term, weight in weights.items() if term[0] in "ca" or abs(weight) > LEXICON_LEAST}
    return translated(weights) | weights


def translated(weights: Mapping[str, float]) -> dict[str, float]:
    """The weights of English terms for the words of other languages that mean the same."""
    return {
        prefix + foreign: weights[prefix + english]
        for prefixes, meanings in ((("ws", "wm", "wl", "f"), MEANINGS), (("c", "a"), NAME_MEANINGS))
        for foreign, english in meanings.items()
        for prefix in prefixes
        if prefix + english in weights
    }


def fit_page_types(pages: Sequence[Labelled]) -> dict[str, Any]:
    vocabulary = common(pages, [page.page_terms for page in pages])
    trust = np.array([DECLARED_TRUST if term[0] in DECLARED else 1.0 for term in vocabulary])
    known = np.array([[term in page.page_terms for term in vocabulary] for page in pages]) * trust
    numbers = np.array([page_numbers(page.columns(Lexicon({}))) for page in pages])
    shift, scale = numbers.mean(0), numbers.std(0) + 1e-9
    model = LogisticRegression(C=TYPES_REGULARISATION, max_iter=300)
    rows = np.hstack([known, [standard_numbers(row, shift, scale) for row in numbers]])
    model.fit(rows, [PAGE_TYPES.index(page.kind) for page in pages])
    terms = model.coef_[:, : len(vocabulary)].T * trust[:, None]
    return {
        "terms": {t: row.round(3).tolist() for t, row in zip(vocabulary, terms, strict=True)
                  if abs(row).max() > TYPES_LEAST},
        "shift": shift.round(5).tolist(),
        "scale": scale.round(5).tolist(),
        "numbers": model.coef_[:, len(vocabulary) :].T.round(5).tolist(),
        "bias": model.intercept_.round(5).tolist(),
    }  # fmt: skip


def fit_trees(
    count: int, names: Sequence[str], columns: Sequence[Columns], pages: Sequence[Labelled]
) -> dict[str, Any]:
    """Trees over the first columns, as many as there are names."""
    data = lightgbm.Dataset(
        np.concatenate([np.asarray(page.values)[: len(names)] for page in columns], 1).T,
        np.concatenate([np.clip(page.labels, 0, 1) for page in pages]),
        weight=np.concatenate([page.weights for page in pages]),
    )
    dumped = lightgbm.train(PARAMETERS, data, count).dump_model()["tree_info"]
    return written(names, [tree["tree_structure"] for tree in dumped])


def written(names: Sequence[str], trees: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Trees in the form that Forest reads, with the columns that they ask about."""
    used: dict[str, int] = {}
    fitted: dict[str, Any] = {"names": [], "columns": [], "thresholds": [], "ruled_out": [], "leaves": []}
    for tree in trees:
        leaves: list[float] = []
        questions: list[tuple[int, float, int]] = []

        def visit(node: dict[str, Any], leaves: list[float] = leaves, questions: list[Any] = questions) -> None:
            if "leaf_value" in node:
                leaves.append(round(node["leaf_value"], 4))
                return
            first = len(leaves)
            visit(node["left_child"])
            ruled_out = (1 << len(leaves)) - (1 << first)
            column = used.setdefault(names[node["split_feature"]], len(used))
            questions.append((column, float(f"{node['threshold']:.6g}"), ruled_out))
            visit(node["right_child"])

        visit(tree)
        questions += [(0, 0.0, 0)] * (LEAVES - 1 - len(questions))
        for name, values in zip(("columns", "thresholds", "ruled_out"), zip(*questions, strict=True), strict=True):
            fitted[name].append(list(values))
        fitted["leaves"].append(leaves + [0.0] * (LEAVES - len(leaves)))
    return fitted | {"names": list(used)}


def fit(pages: Sequence[Labelled]) -> dict[str, Any]:
    """The lexicon, the first trees (on scores of lexicons that did not see the page), the second trees likewise."""
    pages = [page for page in pages if page.usable]
    parts = sorted({page.part for page in pages})
    firsts: dict[int, Columns] = {}
    for part in parts:
        lexicon = Lexicon(fit_lexicon([page for page in pages if page.part != part]))
        for i, page in enumerate(pages):
            if page.part == part:
                firsts[i] = page.columns(lexicon)
    for part in parts:
        others = [i for i, page in enumerate(pages) if page.part != part]
        forest = Forest(fit_trees(FIRST_TREES, FIRST, [firsts[i] for i in others], [pages[i] for i in others]))
        for i, page in enumerate(pages):
            if page.part == part and page.structure:
                write_second(page.structure, firsts[i], forest.chances(firsts[i]))
    every = [firsts[i] for i in range(len(pages))]
    return {
        "lexicon": fit_lexicon(pages),
        "trees": {
            "first": fit_trees(FIRST_TREES, FIRST, every, pages),
            "second": fit_trees(SECOND_TREES, every[0].names, every, pages),
        },
        "page_types": fit_page_types([page for page in pages if page.corpus not in ONE_TYPE]),
    }


def check(pages: Sequence[Labelled]) -> None:
    """Print the figures of the public scorers on texts of pages that the weights were not fitted on."""
    scores: dict[str, list[float]] = defaultdict(list)
    article: list[tuple[float, float]] = []
    recognised: list[bool] = []
    for part in range(PARTS):
        fitted = fit([page for page in pages if page.part != part])
        trees = fitted["trees"]
        judge = Judge(
            Lexicon(fitted["lexicon"]), Forest(trees["first"]), Forest(trees["second"]), PageTypes(fitted["page_types"])
        )
        for page in pages:
            if page.part != part:
                continue
            body = carve_body(page.document, judge=judge)
            tidy(page.document)
            text = body.element.to_text()
            if page.corpus == "article":
                article.append(overlap(shingles(page.truth), shingles(text)))
                continue
            truth, guess = (Counter(WORD.findall(t.lower())) for t in (page.truth, text))
            value = f1(*overlap(truth, guess)) if truth and guess else float(not truth and not guess)
            scores[page.corpus].append(value)
            if page.corpus == "wcxb":
                recognised.append(body.page_type == page.kind)
                scores[f"wcxb {page.kind}"].append(value)
    precision, recall = (mean(values) for values in zip(*article, strict=True))
    print(f"article f1: {f1(precision, recall):.4f} (precision {precision:.4f}, recall {recall:.4f})")
    for kind, values in sorted(scores.items()):
        print(f"{kind} f1: {mean(values):.4f}")
    print(f"wcxb page type recognised: {mean(recognised):.4f}")


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall or 1)


def overlap(truth: Counter[Any], guess: Counter[Any]) -> tuple[float, float]:
    common = sum((truth & guess).values())
    return common / (sum(guess.values()) or 1), common / (sum(truth.values()) or 1)


def shingles(text: str) -> Counter[Any]:
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def write(fitted: Mapping[str, Any]) -> None:
    for name, value in fitted.items():
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        # One line for each term or tree, so that a change shows what it changed.
        text = re.sub(r'(?<=[\]\d]),(?=["\[])', ",\n", text)
        (BODY / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("documentation", type=Path)
    parser.add_argument("--check", metavar="SEED", help="measure on parts that were left out; the seed forms the parts")
    args = parser.parse_args()
    folders = {name: args.corpora / name for name in ("article", "wcxb")} | {"documentation": args.documentation}
    pages = list(load(folders, args.check or ""))
    if args.check is not None:
        check(pages)
        return
    write(fit(pages))


if __name__ == "__main__":
    main()
