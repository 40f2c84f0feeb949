"""The modules of the server, read as text: what each imports, and which part it plays in its slice."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "alterlab_server"


@dataclass(frozen=True)
class Module:
    """One file. `part` is its top folder, `role` the name below: crawl/repository/pages.py plays repository."""

    path: Path
    part: str
    role: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def imports(self) -> set[str]:
        """Every imported name in full, wherever in the file the import stands."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
        return found

    @property
    def foreign(self) -> set[str]:
        """The top-level names of the libraries it imports."""
        return {name.partition(".")[0] for name in self.imports} - {"alterlab_server"}

    @property
    def ours(self) -> set[tuple[str, str]]:
        """Part and role of what it imports of the server; the role is empty for a whole part."""
        parts = [name.split(".") for name in self.imports if name.startswith("alterlab_server.")]
        return {(names[1], names[2] if len(names) > 2 else "") for names in parts}


def modules() -> Iterator[Module]:
    for path in sorted(PACKAGE.rglob("*.py")):
        names = path.relative_to(PACKAGE).with_suffix("").parts
        if len(names) > 1:
            yield Module(path, names[0], names[1], ast.parse(path.read_text(encoding="utf-8")))
