"""Following the log on PostgreSQL, with transactions that overlap in every order."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from newsroom.core import surfaces
from newsroom.core.models import SurfaceLog
from newsroom.core.pagecache.readers import NOTHING, RESET, News, PostgresReader

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reader() -> Iterator[PostgresReader]:
    reader = PostgresReader()
    yield reader
    reader.close()


def connect(**options: Any) -> psycopg.Connection[Any]:
    config = connection.settings_dict
    return psycopg.connect(
        host=config["HOST"], port=config["PORT"], user=config["USER"], dbname=config["NAME"], **options
    )


def insert(own: psycopg.Connection[Any], *keys: str) -> None:
    own.execute("INSERT INTO core_surfacelog (keys) VALUES (%s)", [json.dumps(keys)])


def bump(*keys: str) -> None:
    with transaction.atomic():
        surfaces.bump(*keys)


def news(*keys: str) -> News:
    return News(frozenset(keys))


def test_it_starts_from_now_and_finds_each_write_once(reader: PostgresReader) -> None:
    bump("home")
    assert reader.poll() == RESET
    assert reader.poll() == NOTHING
    bump("article:1")
    bump("article:2", "home")
    assert reader.poll() == news("article:1", "article:2", "home")
    assert reader.poll() == NOTHING


def test_a_transaction_held_open_past_later_commits_is_found_when_it_commits(reader: PostgresReader) -> None:
    reader.poll()
    with connect() as slow:
        insert(slow, "article:1")
        for number in range(3):
            bump(f"topic:{number}")
            # Each once, however long the slow one holds the horizon back.
            assert reader.poll() == news(f"topic:{number}")
            assert reader.poll() == NOTHING
        slow.commit()
        assert reader.poll() == news("article:1")
    bump("home")
    assert reader.poll() == news("home")
    # Transactions of other databases in the same server hold the horizon back, too.
    deadline = time.monotonic() + 10
    while reader._counted and time.monotonic() < deadline:
        time.sleep(0.02)
        assert reader.poll() == NOTHING
    assert reader._counted == set()


def test_one_that_was_open_at_the_start_is_found(reader: PostgresReader) -> None:
    with connect() as slow:
        insert(slow, "article:1")
        bump("home")
        assert reader.poll() == RESET
        assert reader.poll() == NOTHING
        slow.commit()
    assert reader.poll() == news("article:1")


def test_what_is_rolled_back_never_was(reader: PostgresReader) -> None:
    reader.poll()
    with connect() as slow:
        insert(slow, "article:1")
        bump("home")
        assert reader.poll() == news("home")
        slow.rollback()
    assert reader.poll() == NOTHING


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_commits_in_any_order_are_found_once_each(reader: PostgresReader, order: tuple[int, ...]) -> None:
    reader.poll()
    with ExitStack() as stack:
        owns = [stack.enter_context(connect()) for _ in order]
        for number, own in enumerate(owns):
            insert(own, f"article:{number}")
        for number in order:
            owns[number].commit()
            assert reader.poll() == news(f"article:{number}")


def test_pruning_is_no_news_and_no_reset(reader: PostgresReader) -> None:
    bump("home")
    reader.poll()
    SurfaceLog.objects.all().delete()
    assert reader.poll() == NOTHING


def test_an_emptied_log_empties_the_cache(reader: PostgresReader) -> None:
    reader.poll()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_surfacelog")
    assert reader.poll() == RESET
    assert reader.poll() == NOTHING


def test_an_xmin_that_goes_back_empties_the_cache(reader: PostgresReader) -> None:
    reader.poll()
    reader._xmin += 1_000_000
    assert reader.poll() == RESET
    bump("home")
    assert reader.poll() == news("home")


def test_another_server_empties_the_cache(reader: PostgresReader) -> None:
    reader.poll()
    reader.close()
    assert reader.poll() == NOTHING
    reader.close()
    assert reader._identity is not None
    reader._identity = (1, *reader._identity[1:])
    assert reader.poll() == RESET


def test_a_broken_connection_is_an_error_and_then_loses_nothing(reader: PostgresReader) -> None:
    reader.poll()
    assert reader._connection is not None
    pid = reader._connection.connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])
    bump("home")
    with pytest.raises(Exception, match=r"terminat|closed"):
        reader.poll()
    assert reader.poll() == news("home")


def test_it_stands_outside_the_pool(reader: PostgresReader) -> None:
    reader.poll()
    assert reader._connection is not None
    assert "pool" not in reader._connection.settings_dict["OPTIONS"]
    with reader._connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("3s",)


def test_each_of_two_processes_hears_of_every_write_of_five() -> None:
    readers = [PostgresReader(), PostgresReader()]
    for reader in readers:
        reader.poll()
    written = {f"article:{writer}{number}" for writer in range(1, 6) for number in range(8)}

    def write(writer: int) -> None:
        with connect() as own:
            for number in range(8):
                insert(own, f"article:{writer}{number}")
                own.commit()

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
