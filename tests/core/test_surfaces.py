"""Bumps are written with the change they belong to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from newsroom.core import surfaces
from newsroom.core.models import SurfaceLog


@pytest.mark.django_db
def test_bump_writes_one_row_with_each_key_once() -> None:
    surfaces.bump(surfaces.article(7), surfaces.home(), surfaces.article(7))
    row = SurfaceLog.objects.get()
    assert row.keys == ["article:7", "home"]
    assert abs(timezone.now() - row.created_at) < timedelta(minutes=1)


@pytest.mark.django_db
def test_bump_of_nothing_writes_nothing() -> None:
    surfaces.bump()
    assert not SurfaceLog.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_bump_refuses_to_stand_outside_the_transaction_of_the_change() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        surfaces.bump(surfaces.home())


@pytest.mark.django_db(transaction=True)
def test_bump_vanishes_with_the_change() -> None:
    with transaction.atomic():
        surfaces.bump(surfaces.home())
        transaction.set_rollback(True)
    assert not SurfaceLog.objects.exists()


@pytest.mark.django_db
def test_prune_deletes_old_rows_only() -> None:
    surfaces.bump(surfaces.home())
    old = SurfaceLog.objects.create(keys=["site"], created_at=timezone.now() - timedelta(hours=25))
    assert surfaces.prune(before=timezone.now() - timedelta(hours=24)) == 1
    assert not SurfaceLog.objects.filter(pk=old.pk).exists()
    assert SurfaceLog.objects.count() == 1


POLL = """
WITH s AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot()) x)
SELECT s.x::text, l.id, l.xid::text, l.keys FROM s LEFT JOIN core_surfacelog l ON l.xid >= %s::text::xid8
"""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_poll_by_transaction_id_finds_what_was_written_since() -> None:
    with connection.cursor() as cursor:
        cursor.execute(POLL, ["0"])
        xmin = cursor.fetchone()[0]
    with transaction.atomic():
        surfaces.bump(surfaces.thread(3))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            xid = cursor.fetchone()[0]
    with connection.cursor() as cursor:
        cursor.execute(POLL, [xmin])
        rows = cursor.fetchall()
    assert [(row[2], row[3]) for row in rows] == [(xid, '["thread:3"]')]
    assert SurfaceLog.objects.get().xid == int(xid)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_sqlite_rows_carry_no_transaction_id() -> None:
    surfaces.bump(surfaces.site())
    assert SurfaceLog.objects.get().xid is None
