"""What every test gets: only the tests that mean something on this database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.sqlite3.base import DatabaseOperations

from newsroom.core import appendonly


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked for the other database; left out, not skipped: `make test` runs it there."""
    here = "postgresql" if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else "sqlite"
    elsewhere = {"sqlite": "postgresql", "postgresql": "sqlite"}[here]
    left_out = [item for item in items if item.get_closest_marker(elsewhere)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(elsewhere)]


@pytest.fixture(scope="session", autouse=True)
def emptying_may_delete_the_audit_log() -> Iterator[None]:
    """Let SQLite's DELETE empty the append-only table between tests; the migration signal then puts it back."""
    flush = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, *args: Any, **kwargs: Any) -> None:
        appendonly.remove(self.connection.alias)
        flush(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield
