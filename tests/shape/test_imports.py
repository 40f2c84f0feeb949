"""The rules on imports that the contracts of import-linter cannot state."""

import ast

import pytest
from tests.shape.modules import Module, modules

MODULES = list(modules())
SLICES = {module.part for module in MODULES if module.role in {"endpoints", "repository", "models", "tasks"}} - {"app"}
# Inside a slice: who stands higher may import who stands lower.
RANKS = {"endpoints": 4, "tasks": 4, "run": 3, "service": 2, "repository": 1, "models": 0, "schemas": 0}


def named(module: Module) -> str:
    return module.name


def test_the_slices_are_found() -> None:
    assert {"accounts", "billing", "jobs", "scrape"} <= SLICES


@pytest.mark.parametrize("library", ["fastapi", "starlette", "uvicorn"])
def test_web_framework_only_at_the_door(library: str) -> None:
    users = [module for module in MODULES if library in module.foreign]
    assert users
    # The conversation on a WebSocket is part of the door, too.
    doors = {"endpoints", "connection"}
    inside = [m.name for m in users if m.part not in {"app", "dashboard", "web"} and m.role not in doors]
    assert inside == []


def test_sqlalchemy_only_where_the_store_is_spoken_to() -> None:
    users = [module for module in MODULES if "sqlalchemy" in module.foreign]
    assert users
    assert [m.name for m in users if m.part != "db" and m.role not in {"models", "repository"}] == []


def test_the_environment_is_read_in_one_place() -> None:
    def reads(module: Module) -> bool:
        names = {"environ", "environb", "getenv", "putenv"}
        attributes = any(isinstance(node, ast.Attribute) and node.attr in names for node in ast.walk(module.tree))
        return attributes or bool(module.imports & {f"os.{name}" for name in names})

    assert [module.name for module in MODULES if reads(module)] == ["app/settings.py"]


@pytest.mark.parametrize("module", [m for m in MODULES if m.part in SLICES], ids=named)
def test_slice_enters_another_by_its_service_or_schemas(module: Module) -> None:
    # A dependency of FastAPI that two slices take is shared between their endpoints.
    private = {"repository", "models", "tasks"} | ({"endpoints"} if module.role != "endpoints" else set())
    assert {(part, role) for part, role in module.ours if part in SLICES - {module.part} and role in private} == set()


@pytest.mark.parametrize("module", [m for m in MODULES if m.part in SLICES and m.role in RANKS], ids=named)
def test_direction_inside_a_slice(module: Module) -> None:
    own = {role for part, role in module.ours if part == module.part and role in RANKS and role != module.role}
    assert {role for role in own if RANKS[role] >= RANKS[module.role]} == set()


@pytest.mark.parametrize("module", [m for m in MODULES if m.name.startswith("fetch/tiers/")], ids=named)
def test_tiers_know_neither_each_other_nor_the_climb(module: Module) -> None:
    forbidden = ("alterlab_server.fetch.tiers.", "alterlab_server.fetch.climb", "alterlab_server.fetch.plan")
    assert [name for name in module.imports if name.startswith(forbidden)] == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.part != "app"], ids=named)
def test_nobody_imports_app(module: Module) -> None:
    assert {part for part, _ in module.ours} & {"app"} == set()
