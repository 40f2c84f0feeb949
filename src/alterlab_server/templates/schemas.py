"""Values and wire types of templates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field


class TemplateItem(BaseModel):
    """A template: a built-in one, whose id is its name, or a saved one."""

    id: str
    name: str
    description: str | None
    template_schema: dict[str, Any] = Field(alias="schema")
    builtin: bool
    created_at: str | None = None


class TemplateList(BaseModel):
    """GET /extract/templates: the built-in ones first."""

    templates: list[TemplateItem]
    total: int


@dataclass(frozen=True, slots=True)
class SavedTemplate:
    """A template that an organization has saved."""

    id: UUID
    name: str
    schema: dict[str, Any]
    created_at: datetime
