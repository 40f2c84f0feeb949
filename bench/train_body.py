"""Fit the weights by which the body of a page is found, and tell how they do on pages they were not fitted on.

    uv run --with lightgbm --with scikit-learn bench/train_body.py CORPORA [--check]

CORPORA holds the folders `article` and `wcxb` of labelled pages (`<id>.html.gz` with `truth.jsonl`). Pages of one
host stay in one of five parts. `--check` only measures: each part is judged by weights fitted on the other four.
Without it they are fitted on all pages and written to lexicon.json and trees.py in src/alterlab_server/extract/body.
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
from alterlab_server.extract.body.features import features
from alterlab_server.extract.body.lexicon import Lexicon, terms
from alterlab_server.extract.body.select import choose
from alterlab_server.extract.body.smooth import second_features
from alterlab_server.extract.document import Document
from alterlab_server.extract.readers.charset import decode

PARTS = 5
WORD = re.compile(r"\w+")
BODY = Path(__file__).parents[1] / "src/alterlab_server/extract/body"
# After so many trees a block that is this far from even odds is decided: the others seldom add up to as much.
EARLY_TREES, EARLY_ODDS = 30, 3.2
# A term on fewer pages says more about a site than about pages.
MIN_PAGES = 10
LEXICON_REGULARISATION = 0.02
COMMON = {
    "objective": "cross_entropy", "num_leaves": 8, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5,
    "verbose": -1, "num_threads": 2, "seed": 1,
}  # fmt: skip
FIRST = COMMON | {
    "learning_rate": 0.15, "feature_fraction": 0.4, "min_data_in_leaf": 200, "min_sum_hessian_in_leaf": 8,
    "extra_trees": True,
}  # fmt: skip
SECOND = COMMON | {"learning_rate": 0.12, "min_data_in_leaf": 300, "min_sum_hessian_in_leaf": 10}
FIRST_TREES, SECOND_TREES = 80, 30


@dataclass
class Labelled:
    """A page with the share of each block that is content."""

    corpus: str
    kind: str
    part: int
    truth: str
    title: str
    og_type: str
    layout: Layout
    document: Document
    labels: Any = None
    weights: Any = None
    terms: list[set[str]] = field(default_factory=list)


def load(corpora: Path) -> Iterator[Labelled]:
    for corpus in ("article", "wcxb"):
        for line in (corpora / corpus / "truth.jsonl").read_text(encoding="utf-8").strip().split("\n"):
            row = json.loads(line)
            source, _ = decode(gzip.decompress((corpora / corpus / f"{row['id']}.html.gz").read_bytes()))
            label = row.get("ground_truth") or row
            kind = ((row.get("_internal") or {}).get("page_type") or {}).get("primary", "article")
            yield _labelled(corpus, kind, row, label.get("main_content") or label.get("text") or "", source)


def _labelled(corpus: str, kind: str, row: dict[str, Any], truth: str, source: str) -> Labelled:
    document = Document(source)
    host = ".".join((urlsplit(row.get("url") or "").hostname or row["id"]).split(".")[-2:])
    part = int(hashlib.md5(host.encode()).hexdigest(), 16) % PARTS
    layout = Layout(document.tree.find("body"))
    page = Labelled(
        corpus, "ARTICLE" if corpus == "article" else kind, part, truth, document.heading_title,
        document.first_meta("og:type") or "", layout, document,
    )  # fmt: skip
    page.labels, page.weights = label(layout, truth, 2 if corpus == "article" else 1)
    page.terms = [set(terms(block)) for block in layout.blocks]
    return page


def label(layout: Layout, truth: str, factor: float) -> tuple[Any, Any]:
    """The share of each block's words that stand in the truth in the same order, and what each block weighs."""
    wanted = WORD.findall(truth.lower())
    lines = {" ".join(WORD.findall(line.lower())) for line in truth.split("\n")}
    words, owners = [], []
    for index, block in enumerate(layout.blocks):
        found = WORD.findall(block.text.lower())
        words += found
        owners += [index] * len(found)
    covered = np.zeros(len(words))
    for size in (5, 3):
        grams = {tuple(wanted[i : i + size]) for i in range(len(wanted) - size + 1)}
        for i in range(len(words) - size + 1):
            if tuple(words[i : i + size]) in grams:
                value = 1.0 if owners[i] == owners[i + size - 1] else 0.9
                covered[i : i + size] = np.maximum(covered[i : i + size], value)
    counts = np.bincount(owners, minlength=len(layout.blocks)) if words else np.zeros(len(layout.blocks))
    shares = np.bincount(owners, covered, minlength=len(layout.blocks)) if words else counts
    shares = shares / np.maximum(counts, 1)
    for index in np.flatnonzero((counts > 0) & (counts < 3) & (shares < 0.5)):
        if " ".join(WORD.findall(layout.blocks[index].text.lower())) in lines:
            shares[index] = 0.6
    total = max(len(wanted), 50)
    weights = (counts + 0.5) * (counts > 0) / min(max(counts.sum(), total), 4 * total) * 100 * factor
    return shares, weights


def fit_lexicon(pages: Sequence[Labelled]) -> dict[str, float]:
    frequency = Counter(term for page in pages for term in set().union(*page.terms))
    vocabulary = {term: i for i, term in enumerate(sorted(t for t, n in frequency.items() if n >= MIN_PAGES))}
    rows = []
    for page in pages:
        known = [[vocabulary[term] for term in terms if term in vocabulary] for terms in page.terms]
        pointers = np.cumsum([0, *map(len, known)])
        indices = [index for row in known for index in row]
        rows.append(csr_matrix((np.ones(len(indices)), indices, pointers), shape=(len(known), len(vocabulary))))
    target = np.concatenate([page.labels > 0.5 for page in pages])
    weights = np.concatenate([page.weights for page in pages])
    model = LogisticRegression(C=LEXICON_REGULARISATION, solver="liblinear", max_iter=60, tol=1e-3)
    model.fit(vstack(rows), target, sample_weight=weights / weights.mean())
    return {term: round(float(model.coef_[0][i]), 3) for term, i in vocabulary.items() if abs(model.coef_[0][i]) > 0.02}


def first_rows(page: Labelled, lexicon: Mapping[str, float]) -> Any:
    reset(page.layout)
    return np.array(features(page.layout, Lexicon(lexicon), page.title, page.og_type) or np.zeros((0, 1)))


def reset(layout: Layout) -> None:
    for container in layout.containers:
        container.words = container.link_words = container.blocks = container.prose = 0
        container.prose_near, container.first = 0.0, -1


def fit_trees(params: dict[str, Any], count: int, rows: Sequence[Any], pages: Sequence[Labelled]) -> Any:
    kept = [i for i, row in enumerate(rows) if len(row)]
    data = lightgbm.Dataset(
        np.concatenate([rows[i] for i in kept]),
        np.concatenate([np.clip(pages[i].labels, 0, 1) for i in kept]),
        weight=np.concatenate([pages[i].weights for i in kept]),
    )
    return lightgbm.train(params, data, count)


def fit(pages: Sequence[Labelled]) -> tuple[dict[str, float], Any, Any]:
    """The lexicon, the first trees (on scores of lexicons that did not see the page), the second trees likewise."""
    parts = sorted({page.part for page in pages})
    rows: list[Any] = [None] * len(pages)
    for part in parts:
        lexicon = fit_lexicon([page for page in pages if page.part != part])
        for i, page in enumerate(pages):
            if page.part == part:
                rows[i] = first_rows(page, lexicon)
    seconds: list[Any] = [np.zeros((0, 1))] * len(pages)
    for part in parts:
        others = [i for i, page in enumerate(pages) if page.part != part]
        model = fit_trees(FIRST, FIRST_TREES, [rows[i] for i in others], [pages[i] for i in others])
        for i, page in enumerate(pages):
            if page.part == part and len(rows[i]):
                seconds[i] = np.array(second_features(page.layout, list(model.predict(rows[i]))))
    first = fit_trees(FIRST, FIRST_TREES, rows, pages)
    second = fit_trees(SECOND, SECOND_TREES, seconds, pages)
    return fit_lexicon(pages), first, second


def judge(page: Labelled, fitted: tuple[dict[str, float], Any, Any]) -> list[bool]:
    lexicon, first, second = fitted
    rows = first_rows(page, lexicon)
    if not len(rows) or not page.layout.blocks:
        return []
    chances = list(first.predict(rows))
    return choose(page.layout.blocks, list(second.predict(np.array(second_features(page.layout, chances)))))


def overlap(truth: Counter[Any], guess: Counter[Any]) -> tuple[float, float]:
    common = sum((truth & guess).values())
    return common / (sum(guess.values()) or 1), common / (sum(truth.values()) or 1)


def check(pages: Sequence[Labelled]) -> None:
    scores: dict[str, list[float]] = defaultdict(list)
    article: list[tuple[float, float]] = []
    for part in range(PARTS):
        fitted = fit([page for page in pages if page.part != part])
        for page in pages:
            if page.part != part:
                continue
            kept = judge(page, fitted)
            text = "\n".join(b.text for b, keep in zip(page.layout.blocks, kept, strict=True) if keep)
            if page.corpus == "article":
                article.append(overlap(shingles(page.truth), shingles(text)))
            truth, guess = (Counter(WORD.findall(t.lower())) for t in (page.truth, text))
            precision, recall = overlap(truth, guess)
            f1 = (
                2 * precision * recall / (precision + recall or 1)
                if truth and guess
                else float(not truth and not guess)
            )
            scores[page.kind].append(f1)
            if page.corpus == "wcxb":
                scores["wcxb"].append(f1)
    for kind, values in sorted(scores.items()):
        print(f"f1 {kind}: {mean(values):.4f}")
    precision, recall = (mean(values) for values in zip(*article, strict=True))
    print(f"article shingles: {2 * precision * recall / (precision + recall):.4f} p {precision:.4f} r {recall:.4f}")


def shingles(text: str) -> Counter[Any]:
    words = WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def expression(node: dict[str, Any]) -> str:
    if "leaf_value" in node:
        return f"{node['leaf_value']:.4f}"
    left, right = expression(node["left_child"]), expression(node["right_child"])
    return f"({left} if r[{node['split_feature']}] <= {node['threshold']:.5g} else {right})"


def function(name: str, model: Any) -> str:
    trees = [expression(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    lines = [
        f"def {name}(r: Sequence[float]) -> float:",
        f'    """The log-odds that {len(trees)} trees add up to."""',
        "    s = 0.0",
    ]
    for number, tree in enumerate(trees, 1):
        lines.append(f"    s += {tree}")
        if number == EARLY_TREES:
            lines.append(f"    if not -{EARLY_ODDS} < s < {EARLY_ODDS}:\n        return s")
    return "\n".join([*lines, "    return s"])


def write(lexicon: Mapping[str, float], first: Any, second: Any) -> None:
    (BODY / "lexicon.json").write_text(json.dumps(lexicon, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    header = '"""Decision trees over the features of a block, written by bench/train_body.py."""\n\n'
    header += "from collections.abc import Sequence\n\n\n"
    functions = "\n\n\n".join((function("first_look", first), function("second_look", second)))
    (BODY / "trees.py").write_text(header + functions + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--check", action="store_true", help="measure on parts that were left out")
    args = parser.parse_args()
    pages = list(load(args.corpora))
    if args.check:
        check(pages)
        return
    write(*fit(pages))


if __name__ == "__main__":
    main()
