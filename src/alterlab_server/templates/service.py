"""Templates by name: those that come with the server, and those that an organization has saved."""

from typing import Any
from uuid import UUID

from alterlab_server.base.clock import iso, new_id
from alterlab_server.base.errors import BadRequest, Conflict, NotFound
from alterlab_server.db import Transaction
from alterlab_server.db.locks import serialise
from alterlab_server.extract.schema import parse_schema
from alterlab_server.extract.structured.templates import TEMPLATES, Template
from alterlab_server.templates import repository
from alterlab_server.templates.schemas import SavedTemplate, TemplateItem

MAX_TEMPLATES = 200


async def list_all(transaction: Transaction, organization_id: UUID) -> list[TemplateItem]:
    """The built-in templates, then the saved ones by name."""
    saved = await repository.list_templates(transaction, organization_id)
    return [*map(_builtin, TEMPLATES.values()), *map(_saved, saved)]


async def get(transaction: Transaction, organization_id: UUID, template_id: str) -> TemplateItem:
    """A template by its id; raises NotFound."""
    if template_id in TEMPLATES:
        return _builtin(TEMPLATES[template_id])
    saved = await repository.get_template(transaction, organization_id, _uuid(template_id))
    if saved is None:
        raise _missing(template_id)
    return _saved(saved)


async def save(transaction: Transaction, organization_id: UUID, name: str, schema: dict[str, Any]) -> TemplateItem:
    """Save a template. Raises BadRequest for what is no schema, and Conflict for a name that is taken."""
    try:
        parse_schema(schema)
    except BadRequest as error:
        said = error.message.replace("extraction_schema", "schema", 1)
        raise BadRequest(said, details={**error.details, "field": "schema"}) from None
    await serialise(transaction, f"templates of {organization_id}")
    if await repository.count_templates(transaction, organization_id) >= MAX_TEMPLATES:
        raise Conflict(f"{MAX_TEMPLATES} templates are saved, and no more may be.")
    saved = None
    if name not in TEMPLATES:
        saved = await repository.add_template(transaction, organization_id, new_id(), name, schema)
    if saved is None:
        raise Conflict(f"There is a template named {name!r} already.", details={"field": "name"})
    return _saved(saved)


async def remove(transaction: Transaction, organization_id: UUID, template_id: str) -> None:
    """Delete a saved template; raises NotFound, also for a built-in one."""
    if template_id in TEMPLATES:
        raise NotFound(f"The template {template_id!r} comes with the server and is nobody's to delete.")
    if not await repository.delete_template(transaction, organization_id, _uuid(template_id)):
        raise _missing(template_id)


async def schema_of(transaction: Transaction, organization_id: UUID, name: str) -> dict[str, Any]:
    """The schema of a template by its name, or by its id; raises NotFound."""
    if name in TEMPLATES:
        return dict(TEMPLATES[name].schema)
    saved = await repository.find_template(transaction, organization_id, name)
    return saved.schema if saved else (await get(transaction, organization_id, name)).template_schema


def profile_of(name: str) -> str | None:
    """The profile whose fields a built-in template asks for; None for a saved one."""
    return name if name in TEMPLATES else None


def _builtin(template: Template) -> TemplateItem:
    return TemplateItem(
        id=template.name,
        name=template.name,
        description=template.description,
        schema=dict(template.schema),
        builtin=True,
    )


def _saved(template: SavedTemplate) -> TemplateItem:
    return TemplateItem(
        id=str(template.id),
        name=template.name,
        description=None,
        schema=template.schema,
        builtin=False,
        created_at=iso(template.created_at),
    )


def _uuid(template_id: str) -> UUID:
    try:
        return UUID(template_id)
    except ValueError:
        raise _missing(template_id) from None


def _missing(template_id: str) -> NotFound:
    return NotFound(f"There is no template {template_id[:100]!r}.", details={"field": "template"})
