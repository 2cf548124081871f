"""Kept connections of SQLite."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.db.backends.sqlite3.operations import DatabaseOperations
from pytest_django import DjangoDbBlocker

from newsroom.core.sqlite.base import DatabaseWrapper


@pytest.fixture
def kept(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    path = tmp_path / "one.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE said (word)")
    settings = connections.configure_settings({"default": {}})["default"] | {
        "NAME": path,
        "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL"},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
    wrapper = DatabaseWrapper(settings, "kept")
    with django_db_blocker.unblock():
        yield wrapper
        wrapper.close()


def words(kept: DatabaseWrapper) -> list[str]:
    """Do what Django does at the start of a request, then ask."""
    kept.close_if_unusable_or_obsolete()
    with kept.cursor() as cursor:
        return [word for (word,) in cursor.execute("SELECT word FROM said")]


def test_a_connection_is_kept_and_sees_what_others_write(kept: DatabaseWrapper):
    assert words(kept) == []
    first = kept.connection
    with sqlite3.connect(kept.settings_dict["NAME"]) as other:
        other.execute("INSERT INTO said VALUES ('baru')")
    assert words(kept) == ["baru"]
    assert kept.connection is first


def test_a_restored_database_is_opened_anew(kept: DatabaseWrapper):
    path = Path(kept.settings_dict["NAME"])
    assert words(kept) == []
    with sqlite3.connect(path.with_name("backup")) as backup:
        backup.execute("CREATE TABLE said (word)")
        backup.execute("INSERT INTO said VALUES ('dari cadangan')")
    for leftover in path.parent.glob("one.sqlite3-*"):
        leftover.unlink()
    shutil.move(path.with_name("backup"), path)
    assert words(kept) == ["dari cadangan"]


@pytest.mark.parametrize(
    "stored",
    ["2026-11-23 02:03:04", "2026-11-23 02:03:04.000005", "2026-11-23T02:03:04+07:00", None, "2026-11-23 2:03:04"],
)
def test_moments_mean_what_django_says(kept: DatabaseWrapper, stored: str | None) -> None:
    ours, stock = kept.ops, DatabaseOperations(kept)
    assert ours.convert_datetimefield_value(stored, None, kept) == stock.convert_datetimefield_value(stored, None, kept)
