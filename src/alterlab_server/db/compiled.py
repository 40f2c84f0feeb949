"""Statements of the hot path, compiled once (docs/decisions/0011)."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
from sqlalchemy import JSON, ClauseElement
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.compiler import SQLCompiler

from alterlab_server.db.database import Transaction, raw, to_json

_DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy's dialects carry no annotations


class Compiled:
    """A statement that the driver runs itself, at a fifth of what SQLAlchemy's own execution costs.

    Its parameters are the names of its `bindparam`s. Values go through as the driver knows them, but for JSON.
    """

    def __init__(self, statement: ClauseElement) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("only statements with parameters are run")
        self._sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        bound = {name: parameter for parameter, name in compiled.bind_names.items()}
        self._fixed = {name: compiled.params[name] for name in self._names if not bound[name].required}
        self._json = frozenset(name for name in self._names if isinstance(bound[name].type, JSON))

    async def rows(self, transaction: Transaction, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Run it in a transaction; its rows in the order of its columns. Raises what the driver raises."""
        found: list[asyncpg.Record] = await raw(transaction).fetch(self._sql, *self._arguments(values))
        return found

    async def row(self, transaction: Transaction, values: Mapping[str, Any]) -> Sequence[Any] | None:
        """Its only row, or None."""
        found = await self.rows(transaction, values)
        return found[0] if found else None

    async def run_many(self, transaction: Transaction, values: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each of `values`, without waiting for one before the next is sent."""
        if len(values) == 1:  # `executemany` costs half as much again
            await self.rows(transaction, values[0])
        else:
            await raw(transaction).executemany(self._sql, [self._arguments(given) for given in values])

    def _arguments(self, values: Mapping[str, Any]) -> Sequence[Any]:
        given = {**self._fixed, **values}
        for name in self._json:
            if given[name] is not None:
                given[name] = to_json(given[name])
        return [given[name] for name in self._names]
