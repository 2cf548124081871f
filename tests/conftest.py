"""What every test gets: only the tests that mean something on this database."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db.backends.sqlite3.base import DatabaseOperations
from django.template import Context
from django.template.base import Template
from django.test.utils import instrumented_test_render
from django.utils.safestring import SafeString
from pytest_django import DjangoDbBlocker

from newsroom.core import appendonly
from tests import copies

# `make test` draws the same examples each time; `make soak` draws new ones and prints its seed.
hypothesis.settings.register_profile("fixed", derandomize=True)
hypothesis.settings.load_profile("fixed")

# One of these is among the fixtures of every test that touches the database without the mark.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this database cannot decide; left out, not skipped: `make test` runs it on the other one."""
    here = "postgresql" if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else "sqlite"
    left_out = [item for item in items if not belongs(item, here)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if belongs(item, here)]


def belongs(item: pytest.Item, here: str) -> bool:
    """Say whether a test means something on this database: what touches none runs once, beside SQLite."""
    marked = [name for name in ("sqlite", "postgresql") if item.get_closest_marker(name)]
    if marked:
        return here in marked
    if "newsroom" in getattr(item, "fixturenames", ()):
        # A journey: its newsroom runs on this database in processes of its own.
        return True
    touches = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return here == "sqlite" or bool(touches)


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from walking over what stays for the whole run: a tenth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Note what a new database holds before any test has written to it."""
    with django_db_blocker.unblock():
        copies.note_what_is_empty()


@pytest.fixture(scope="session", autouse=True)
def contexts_of_whole_pages_only(django_test_environment: None) -> Iterator[None]:
    """Have Django's test client note the context of a page, not of each of the hundreds of templates in it.

    An editor's page renders some 500, of widgets most: copying the context each time is a tenth of such a test.
    """
    inside = threading.local()

    def render(self: Template, context: Context) -> SafeString:
        if getattr(inside, "a_page", False):
            return self.nodelist.render(context)
        inside.a_page = True
        try:
            return instrumented_test_render(self, context)
        finally:
            inside.a_page = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


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
