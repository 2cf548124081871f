"""Stories made once and copied: what a factory wrote into an empty newsroom is written again, row by row.

The services take thirty times as long to publish a story as the database to take in its rows, and most tests begin with
the same story. Only a test that has made nothing yet, but for people, gets a copy; what is made of anything but plain
values, under other settings or outside a transaction is made by the services each time.
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.contrib.auth.models import Group
from django.db import connection

from articles.models import Article
from newsroom.core.models import User

PLAIN = (str, int, bool, datetime, type(None))
# What may stand there before: the factories take people as they find them.
PEOPLE = (User._meta.db_table, User.groups.through._meta.db_table, "django_session")
WHO = "SELECT person.id, username, group_id FROM {} person LEFT JOIN {} ON person.id = user_id ORDER BY 1, 3".format(
    *PEOPLE
)

# Emptying the database after a test outside a transaction makes the groups anew, under other numbers.
GROUPS = f"SELECT id, name FROM {Group._meta.db_table} ORDER BY 1"

# "anything" -> the query that says whether a test has made anything
NOTED: dict[str, str] = {}

# Table -> its rows, each with the values of its columns
Tables = dict[str, list[tuple[Any, ...]]]


@dataclass
class Copy:
    """What one call of a factory returned, and the statements that write the rows it left."""

    returned: bytes
    statements: list[tuple[str, list[Any]]]

    def write(self) -> Article:
        """Put the rows into the database; return what the factory returned."""
        with connection.cursor() as cursor:
            for sql, values in self.together() if connection.vendor == "postgresql" else self.statements:
                cursor.execute(sql, values)
        return pickle.loads(self.returned)

    def together(self) -> list[tuple[str, list[Any]]]:
        """Return the statements as one, where each costs a way to the server and back."""
        return [(";".join(sql for sql, _ in self.statements), [one for _, values in self.statements for one in values])]


@functools.cache
def columns() -> dict[str, str]:
    """Return every table of a model with the columns that take values."""
    quote = connection.ops.quote_name
    return {
        model._meta.db_table: ", ".join(
            quote(field.column) for field in model._meta.local_concrete_fields if not field.generated
        )
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }


def note_what_is_empty() -> None:
    """Note which tables a new database leaves empty; until then nothing is copied."""
    empty = [table for table, rows in tables().items() if not rows and table not in PEOPLE]
    NOTED["anything"] = "SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in empty)


def tables() -> Tables:
    """Return all there is."""
    found = {}
    with connection.cursor() as cursor:
        for table, names in columns().items():
            cursor.execute(f"SELECT {names} FROM {table}")
            found[table] = cursor.fetchall()
    return found


def statements(before: Tables, after: Tables) -> list[tuple[str, list[Any]]] | None:
    """Return what inserts the rows that were added; None where one was changed or went."""
    added = []
    for table, rows in after.items():
        known, now = {repr(row) for row in before[table]}, {repr(row) for row in rows}
        if known - now:
            return None
        new = [row for row in rows if repr(row) not in known]
        if new:
            places = ", ".join(f"({', '.join(['%s'] * len(row))})" for row in new)
            sql = f"INSERT INTO {table} ({columns()[table]}) VALUES {places}"
            added.append((sql, [value for row in new for value in row]))
    return added


def is_plain(value: Any) -> bool:
    """Say whether a value says all of itself when it is written down."""
    if isinstance(value, dict):
        return all(is_plain(part) for part in value.values())
    if isinstance(value, list | tuple):
        return all(is_plain(part) for part in value)
    return type(value) in PLAIN


def people_of_an_empty_newsroom() -> tuple[tuple[Any, ...], ...] | None:
    """Return who has an account, and all groups, where nothing else was made; None in any other newsroom."""
    if "anything" not in NOTED or not connection.in_atomic_block or isinstance(settings._wrapped, UserSettingsHolder):
        return None
    with connection.cursor() as cursor:
        cursor.execute(NOTED["anything"])
        if cursor.fetchone()[0]:
            return None
        cursor.execute(WHO)
        people = cursor.fetchall()
        cursor.execute(GROUPS)
        return (*people, *cursor.fetchall())


def copied(make: Callable[..., Article]) -> Callable[..., Article]:
    """Have a factory's calls copied from the third of their kind on; what is asked for once is not worth keeping."""
    asked: set[tuple[Any, ...]] = set()
    kept: dict[tuple[Any, ...], Copy | None] = {}

    @functools.wraps(make)
    def made(**fields: Any) -> Article:
        people = people_of_an_empty_newsroom() if is_plain(fields) else None
        if people is None:
            return make(**fields)
        call = (people, repr(sorted(fields.items())))
        if copy := kept.get(call):
            return copy.write()
        if call in kept or call not in asked:
            asked.add(call)
            return make(**fields)
        before = tables()
        article = make(**fields)
        added = statements(before, tables())
        kept[call] = None if added is None else Copy(pickle.dumps(article), added)
        return article

    return made
