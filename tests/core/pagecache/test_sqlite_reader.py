"""Following the log on SQLite, with writers on connections of their own."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from newsroom.core import surfaces
from newsroom.core.models import SurfaceLog
from newsroom.core.pagecache.readers import NOTHING, RESET, TABLE, News, SqliteReader
from newsroom.core.pagecache.state import State
from newsroom.core.pagecache.store import Store
from newsroom.core.pagecache.watch import Watch

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def path(shared_database: str) -> Path:
    return Path(shared_database.removeprefix("sqlite:///"))


@pytest.fixture
def reader(path: Path) -> Iterator[SqliteReader]:
    reader = SqliteReader()
    yield reader
    reader.close()


def bump(*keys: str) -> None:
    with transaction.atomic():
        surfaces.bump(*keys)


def test_the_table_is_that_of_the_model() -> None:
    assert SurfaceLog._meta.db_table == TABLE


def test_it_starts_from_now_and_finds_each_write_once(reader: SqliteReader) -> None:
    bump("home")
    assert reader.poll() == RESET
    assert reader.poll() == NOTHING
    bump("article:1")
    bump("article:2", "home")
    assert reader.poll() == News(frozenset({"article:1", "article:2", "home"}))
    assert reader.poll() == NOTHING


def test_a_write_is_found_when_it_is_committed(reader: SqliteReader) -> None:
    reader.poll()
    with transaction.atomic():
        surfaces.bump("home")
        assert reader.poll() == NOTHING
    assert reader.poll() == News(frozenset({"home"}))
    with transaction.atomic():
        surfaces.bump("site")
        transaction.set_rollback(True)
    assert reader.poll() == NOTHING


def test_pruning_is_no_news_and_no_reset(reader: SqliteReader) -> None:
    bump("home")
    reader.poll()
    SurfaceLog.objects.all().delete()
    assert reader.poll() == NOTHING
    bump("site")
    assert reader.poll() == News(frozenset({"site"}))


def test_a_restored_file_empties_the_cache(reader: SqliteReader, path: Path) -> None:
    bump("home")
    reader.poll()
    connection.close()
    copy = path.with_suffix(".restored")
    shutil.copy(path, copy)
    os.replace(copy, path)
    assert reader.poll() == RESET
    assert reader.poll() == NOTHING


def test_another_log_in_the_same_file_empties_the_cache(reader: SqliteReader, path: Path) -> None:
    bump("home")
    bump("home")
    reader.poll()
    with sqlite3.connect(path) as other:
        other.execute("DELETE FROM core_surfacelog")
        other.execute("DELETE FROM sqlite_sequence")
    other.close()
    assert reader.poll() == RESET


def test_a_row_nobody_can_read_empties_the_cache(reader: SqliteReader) -> None:
    reader.poll()
    SurfaceLog.objects.create(keys={"no": "list"})
    assert reader.poll() == RESET


def test_a_file_that_is_gone_is_an_error_and_then_a_reset(reader: SqliteReader, path: Path) -> None:
    watch = Watch(reader, State(Store(1_000_000)), has_thread=False)
    assert watch.force_poll()
    connection.close()
    away = path.with_suffix(".away")
    os.rename(path, away)
    assert not watch.force_poll()
    assert not watch.force_poll()
    assert watch.errors == 2
    shutil.copy(away, path)
    was = watch._state.seq
    assert watch.force_poll()
    assert watch._state.seq == was + 1


def test_each_of_two_processes_hears_of_every_write_of_five(path: Path) -> None:
    connection.close()
    readers = [SqliteReader(), SqliteReader()]
    for reader in readers:
        reader.poll()
    written = {f"article:{writer}{number}" for writer in range(1, 6) for number in range(8)}

    def write(writer: int) -> None:
        own = sqlite3.connect(path, timeout=20, isolation_level=None)
        for number in range(8):
            own.execute("BEGIN IMMEDIATE")
            own.execute(
                "INSERT INTO core_surfacelog (keys, created_at) VALUES (?, datetime())",
                [f'["article:{writer}{number}"]'],
            )
            own.execute("COMMIT")
        own.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(1, 6)]
    for thread in writers:
        thread.start()
    heard: list[list[str]] = [[], []]
    while any(thread.is_alive() for thread in writers):
        for found, reader in zip(heard, readers, strict=True):
            found += reader.poll().keys
    for found, reader in zip(heard, readers, strict=True):
        found += reader.poll().keys
        reader.close()
        assert sorted(found) == sorted(written)


def test_errors_are_the_databases_own(reader: SqliteReader, path: Path) -> None:
    bump("site")
    reader.poll()
    bump("home")
    with sqlite3.connect(path) as other:
        other.execute("ALTER TABLE core_surfacelog RENAME COLUMN keys TO gone")
    other.close()
    with pytest.raises(OperationalError):
        reader.poll()
    with sqlite3.connect(path) as other:
        other.execute("ALTER TABLE core_surfacelog RENAME COLUMN gone TO keys")
    other.close()
    # Nothing was lost by the poll that failed.
    assert reader.poll() == News(frozenset({"home"}))
