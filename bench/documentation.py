"""Make a corpus of documentation pages from Debian's packages: what is content is what their generators mark as such.

Usage: python -m bench.documentation FOLDER

Fetches the packages (some 100 MB, by `apt-get download`), and writes a few pages of each to FOLDER as
`<id>.html.gz`, with `truth.jsonl` in the form of the WCXB benchmark beside them, for `bench.train_body`: a theme stands
there for a host. Nothing is installed.
"""

import argparse
import gzip
import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import turbohtml

PAGES = 8
PAGE_TYPE = "documentation"
# Smaller pages say nothing, larger ones would weigh more than all others together.
LEAST_BYTES, MOST_BYTES = 2_500, 160_000
LEAST_WORDS = 40
# Indexes of names, listings of source code, and some of the many translations.
_LEFT_OUT = re.compile(r"index-\d|genindex|/(?:src|search|java-src)/|/ja/|\.(?:ja|zh|ko|ru|tr)[.-]")
_NEVER_SHOWN = "script,style,template"
_DOCBOOK = ".navheader,.navfooter"


class Manual(NamedTuple):
    """Pages of one theme: their package and folder in it, what of a page is content, and what inside of that is not."""

    theme: str
    package: str
    folder: str
    content: str = "body"
    beside: str = ""


MANUALS = (
    Manual("ant", "ant-doc", "usr/share/doc/ant/manual"),
    Manual("apache", "apache2-doc", "usr/share/doc/apache2-doc/manual", "#page-content",
           "#quickview,.toplang,.bottomlang,.top"),
    Manual("asciidoc", "git-doc", "usr/share/doc/git-doc", "#header > h1,#header > #revnumber,#content,#footnotes"),
    Manual("asciidoc", "kicad-doc-en", "usr/share/doc/kicad", "#header > h1,#header > .details,#content,#footnotes"),
    Manual("debmake", "debmake-doc", "usr/share/doc/debmake-doc", "body", _DOCBOOK),
    Manual("django", "python-django-doc", "usr/share/doc/python-django-doc/html", "#bd .yui-g,div.body", "#bd .nav"),
    Manual("docbook", "debian-handbook", "usr/share/doc/debian-handbook/html", "body", "#banner,.docnav,p.title"),
    Manual("docbook", "debian-policy", "usr/share/doc/debian-policy", "body", _DOCBOOK),
    Manual("docbook", "libx11-doc", "usr/share/doc/libx11-dev", "body", _DOCBOOK),
    Manual("docbook", "postgresql-doc-15", "usr/share/doc/postgresql-doc-15/html", "body", _DOCBOOK),
    Manual("doxygen", "libeigen3-doc", "usr/share/doc/libeigen3-dev/html", ".header .title,.contents"),
    Manual("erlang", "erlang-doc", "usr/share/doc/erlang-doc", ".innertube", ".footer"),
    Manual("exim", "exim4-doc-html", "usr/share/doc/exim4-doc-html", "#chapter"),
    Manual("gap", "gap-doc", "usr/share/gap/doc", "body",
           ".chlinktop,.chlinkprevnexttop,.chlinkprevnextbot,.chlinkbot,#mathjaxlink"),
    Manual("gi-docgen", "libgtk-4-doc", "usr/share/doc/libgtk-4-doc", "#main"),
    Manual("gi-docgen", "libsoup-3.0-doc", "usr/share/doc/libsoup-3.0", "#main"),
    Manual("gtk-doc", "libglib2.0-doc", "usr/share/gtk-doc/html", "body", "table.navigation,.footer"),
    Manual("haddock", "libghc-lens-doc", "usr/share/doc/libghc-lens-doc",
           "#module-header .caption,#description,#synopsis,#interface"),
    Manual("hanna", "asciidoctor-doc", "usr/share/doc/asciidoctor-doc", "main"),
    Manual("javadoc", "ant-doc", "usr/share/doc/ant/api", "main"),
    Manual("javadoc", "openjdk-17-doc", "usr/share/doc/openjdk-17-jre-headless/api", "main"),
    Manual("javadoc", "openmpi-doc", "usr/share/doc/openmpi-doc", "main"),
    Manual("latex2html", "gnuplot-doc", "usr/share/doc/gnuplot", "body", ".navigation"),
    Manual("mdbook", "rust-doc", "usr/share/doc/rust-doc/html/book", "main"),
    Manual("mdbook", "rust-doc", "usr/share/doc/rust-doc/html/reference", "main"),
    Manual("mkdocs", "mkdocs-doc", "usr/share/doc/mkdocs/html", ".col-md-9"),
    Manual("nodejs", "nodejs-doc", "usr/share/doc/nodejs/api", "#apicontent"),
    Manual("pydata", "python-pandas-doc", "usr/share/doc/python-pandas-doc/html", "main",
           ".prev-next-area,.prev-next-bottom"),
    Manual("python", "python3.11-doc", "usr/share/doc/python3.11/html", "div.body"),
    Manual("qt", "qtbase5-doc-html", "usr/share/qt5/doc", ".content", ".sidebar,.navigationbar,#sidebar-content"),
    Manual("rustdoc", "rust-doc", "usr/share/doc/rust-doc/html/alloc", "main", ".search-form,.sub"),
    Manual("rustdoc", "rust-doc", "usr/share/doc/rust-doc/html/std", "main", ".search-form,.sub"),
    Manual("sphinx", "cmake-doc", "usr/share/doc/cmake-data/html", "div.body"),
    Manual("sphinx", "python-flask-doc", "usr/share/doc/python-flask-doc/html", "div.body"),
    Manual("sphinx", "python-markdown-doc", "usr/share/doc/python-markdown-doc", "div.body"),
    Manual("sqlite", "sqlite3-doc", "usr/share/doc/sqlite3", "body",
           ".nosearch,.menu,.desktoponly,.mobileonly,.rightsidebar"),
    Manual("swi-prolog", "swi-prolog-doc", "usr/share/swi-prolog/doc", "body", ".navigate,.nav"),
    Manual("texinfo", "lilypond-doc-html", "usr/share/doc/lilypond/html/Documentation", "#main",
           ".nav_table,#languages,.footer,#pageFooter,.header"),
    Manual("texinfo", "octave-doc", "usr/share/doc/octave/octave.html", "body", ".header,.nav-panel"),
    Manual("texinfo", "zsh-doc", "usr/share/doc/zsh-common/html", "body", "table.header"),
    Manual("tomcat", "tomcat10-docs", "usr/share/tomcat10-docs/docs", "#content,#mainRight"),
    Manual("yard", "yard-doc", "usr/share/doc/yard", "#content"),
)  # fmt: skip


def fetch(packages: set[str], folder: Path) -> None:
    """Unpack Debian packages, each to a folder of its name."""
    subprocess.run(["apt-get", "download", "-qq", *sorted(packages)], cwd=folder, check=True, capture_output=True)
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, folder / archive.name.partition("_")[0]], check=True)


def labelled(manual: Manual, unpacked: Path) -> Iterator[tuple[str, str, str]]:
    """The path, markup and content of pages of a manual, in an order that says nothing of them."""
    root = unpacked / manual.package / manual.folder
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*.html*") if path.is_file()]
    for path in sorted(paths, key=lambda path: hashlib.md5(path.encode()).digest()):
        body = (root / path).read_bytes()
        body = gzip.decompress(body) if path.endswith(".gz") else body
        if _LEFT_OUT.search(f"/{path}") or not LEAST_BYTES < len(body) < MOST_BYTES:
            continue
        markup = body.decode(errors="replace")
        truth = content(manual, markup)
        if len(truth.split()) >= LEAST_WORDS:
            yield path, markup, truth


def content(manual: Manual, markup: str) -> str:
    """The text of what the theme marks as content."""
    tree = turbohtml.parse(markup)
    for element in tree.select(f"{_NEVER_SHOWN},{manual.beside}".rstrip(",")):
        element.extract()
    found = tree.select(manual.content)
    outermost = [element for element in found if not any(above in found for above in element.ancestors)]
    return "\n".join(element.to_text() for element in outermost)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        fetch({manual.package for manual in MANUALS}, Path(temporary))
        for manual in MANUALS:
            found = list(islice(labelled(manual, Path(temporary)), PAGES))
            print(f"{manual.package} ({manual.theme}): {len(found)} pages")
            for path, markup, truth in found:
                name = hashlib.md5(f"{manual.package}/{path}".encode()).hexdigest()[:12]
                (folder / f"{name}.html.gz").write_bytes(gzip.compress(markup.encode(), mtime=0))
                label = {"ground_truth": {"main_content": truth}, "_internal": {"page_type": {"primary": PAGE_TYPE}}}
                rows.append({"id": name, "url": f"https://{manual.theme}.invalid/"} | label)
    (folder / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
