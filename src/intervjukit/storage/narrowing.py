"""Queries narrowed by what is asked for, so that one coding does not cost as much as all of them."""

from __future__ import annotations

from collections.abc import Mapping
from operator import index
from typing import Any, SupportsIndex, TypeVar

from sqlalchemy import Select, Table, select

from intervjukit.storage.database import Database

_Row = TypeVar("_Row", bound=tuple[Any, ...])


def narrow(query: Select[_Row], table: Table, wanted: Mapping[str, object]) -> Select[_Row]:
    """Return ``query`` with ``column = value`` for each wanted column of ``table``; any whole number will do."""
    for name, value in wanted.items():
        plain = index(value) if isinstance(value, SupportsIndex) else value  # a table's own numbers: numpy's
        query = query.where(table.c[name] == plain)
    return query


def facets_of(
    database: Database, facets: Table, owners: Table, wanted: Mapping[str, object], column: str = "value"
) -> dict[int, dict[str, Any]]:
    """Return each facet's value (or another ``column`` of it) for the wanted rows of ``owners``, by their id."""
    query = select(facets.c.owner, facets.c.facet, facets.c[column])
    if wanted:
        query = query.where(facets.c.owner.in_(narrow(select(owners.c.id), owners, wanted)))
    found: dict[int, dict[str, Any]] = {}
    for owner, facet, value in database.rows(query):
        found.setdefault(owner, {})[facet] = value
    return found
