"""Compile the modules of Python that have a `.pxd` of C types beside them; they run as they are, too, only slower.

Usage: python scripts/compile.py. Needs a C compiler and the headers of Python; without them it says so and all is left
as it is. Also the build hook by which wheels get the compiled modules.
"""

import os
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from Cython.Build import cythonize
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution
from setuptools.command.build_ext import build_ext

SOURCE = Path(__file__).resolve().parent.parent / "src"
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
# An annotation is a type of Python's and says nothing here: `int` has no bounds.
DIRECTIVES = {
    "language_level": 3,
    "annotation_typing": False,
    "infer_types": True,
    "nonecheck": True,
    "show_performance_hints": False,
}
FLAGS = ("-O3", "-g0")  # the loops over columns are for a processor's vectors
NOT_COMPILED = """Extraction is not compiled and takes several times as long.
It needs a C compiler and Python's headers (apt-get install gcc python3-dev); then: python scripts/compile.py"""


def stale() -> list[Path]:
    """The modules whose compiled form is missing or older than any source it may be made of."""
    types = sorted(SOURCE.rglob("*.pxd"))
    newest = max([file.stat().st_mtime for file in (*types, *(file.with_suffix(".py") for file in types))], default=0)
    compiled = [(file.with_suffix(".py"), file.with_suffix(SUFFIX)) for file in types]
    return [module for module, made in compiled if not made.exists() or made.stat().st_mtime < newest]


def compile_modules() -> bool:
    """Compile what is stale, beside the sources; whether all is compiled now.

    What was compiled of other sources goes first: without a compiler a module runs as it is, and not as it was.
    """
    modules = stale()
    for compiled in SOURCE.rglob(f"*{SUFFIX}"):
        module = compiled.with_name(compiled.name.removesuffix(SUFFIX) + ".py")
        if module in modules or not module.with_suffix(".pxd").exists():
            compiled.unlink()
    if not modules:
        return True
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        return False
    with TemporaryDirectory() as temporary:
        _build([str(module.relative_to(SOURCE)) for module in modules], temporary)
    return not stale()


def _build(modules: list[str], temporary: str) -> None:
    before = Path.cwd()
    os.chdir(SOURCE)  # the name of a module is its path from here
    try:
        extensions = cythonize(
            modules, build_dir=temporary, include_path=["."], compiler_directives=DIRECTIVES, quiet=True
        )
        for extension in extensions:
            extension.extra_compile_args = [*FLAGS]
            extension.optional = True  # a compiler that fails stops nothing
        command = build_ext(Distribution({"ext_modules": extensions}))
        command.inplace, command.parallel = True, os.cpu_count()
        command.build_temp = command.build_lib = temporary
        command.ensure_finalized()
        command.run()
    finally:
        os.chdir(before)


class CompileHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled modules into a wheel, which then is one for this platform and Python alone."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are gathered; without a compiler the wheel is one for any platform."""
        if not compile_modules():
            print(NOT_COMPILED, file=sys.stderr)
        elif version == "standard":
            build_data["pure_python"], build_data["infer_tag"] = False, True
            build_data["artifacts"].append(f"*{SUFFIX}")


if __name__ == "__main__":
    if not compile_modules():
        print(NOT_COMPILED, file=sys.stderr)
