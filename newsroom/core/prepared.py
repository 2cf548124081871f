"""Queries that Django puts together once and not at every request.

Building SQL from a queryset takes several times as long as the database needs to answer it. Where the same question is
asked at every request, and nothing in it changes but values, a `Prepared` keeps its SQL and fills them in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import DateTimeField, Expression, Field, QuerySet

Row = TypeVar("Row")


@dataclass(frozen=True)
class Blank:
    """Where a value is to be filled in."""

    name: str
    field: Field[Any, Any]


class Slot(Expression):
    """Stands in a queryset for a value that each call of a `Prepared` names; `field` says how it is written."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.blank = Blank(name, field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return a placeholder, and the blank in the place of its value."""
        return "%s", [self.blank]


def moment(name: str) -> datetime:
    """Return a slot in the guise of a moment, for querysets that take `at` and hand it on unread."""
    return cast("datetime", Slot(name, DateTimeField()))


class Prepared(Generic[Row]):
    """A question: `build` returns its queryset, by values_list() and with slots; `row` makes something of each row."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]], row: Callable[..., Row]) -> None:
        self._build = build
        self._row = row
        self._compiled: Compiled | None = None
        self._lock = threading.Lock()

    def all(self, **values: Any) -> list[Row]:
        """Ask with these values for the slots; return what was made of all rows."""
        with self._lock:
            if self._compiled is None:
                self._compiled = Compiled(self._build())
        return [self._row(*row) for row in self._compiled.rows(values)]

    def first(self, **values: Any) -> Row | None:
        """Ask with these values for the slots; return what was made of the first row, None without one."""
        return next(iter(self.all(**values)), None)


class Compiled:
    """A queryset as SQL for this site's database."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        self.sql, self.parameters = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        # (place in the row, what turns the database's value into Python's, the column), in the order to go by.
        self.conversions = [
            (place, convert, column)
            for place, (converters, column) in compiler.get_converters(columns).items()
            for convert in converters
        ]

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Return the rows for these values."""
        filled = [
            one.field.get_db_prep_value(values[one.name], connection) if isinstance(one, Blank) else one
            for one in self.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            rows = cursor.fetchall()
        return [self._converted(row) for row in rows] if self.conversions else rows

    def _converted(self, row: tuple[Any, ...]) -> list[Any]:
        converted = list(row)
        for place, convert, column in self.conversions:
            converted[place] = convert(converted[place], column, connection)
        return converted
