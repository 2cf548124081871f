"""The audit log takes entries and gives none back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from newsroom.core import appendonly, audit
from newsroom.core.models import AuditEntry, User
from newsroom.core.models.audit import AppendOnly

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", first_name="Ada")


@pytest.fixture
def entry(ada: User) -> AuditEntry:
    return audit.record("user.change", ada, by=ada, at=AT, fields=["email"], status="active", number=3, moment=AT)


def test_record_keeps_ids_field_names_and_statuses(entry: AuditEntry, ada: User) -> None:
    entry.refresh_from_db()
    assert (entry.object_type, entry.object_id, entry.by, entry.at) == ("core.user", str(ada.pk), ada, AT)
    assert entry.data == {"fields": ["email"], "status": "active", "number": 3, "moment": AT.isoformat()}
    assert list(AuditEntry.objects.about(ada)) == [entry]


@pytest.mark.parametrize("value", ["what she wrote", "rea@example.org", "x" * 101, {"a": 1}, 1.5, ["rea@example.org"]])
def test_record_refuses_free_text_and_addresses(ada: User, value: object) -> None:
    with pytest.raises(ValueError):
        audit.record("comment.post", ada, by=None, at=AT, value=value)


def test_entries_are_not_changed_or_deleted_by_the_model(entry: AuditEntry) -> None:
    with pytest.raises(AppendOnly):
        entry.save()
    with pytest.raises(AppendOnly):
        entry.delete()
    with pytest.raises(AppendOnly):
        AuditEntry.objects.update(action="x")
    with pytest.raises(AppendOnly):
        AuditEntry.objects.all().delete()


@pytest.mark.parametrize("statement", ["UPDATE core_auditentry SET action = 'x'", "DELETE FROM core_auditentry"])
def test_database_refuses_to_change_or_delete_entries(entry: AuditEntry, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().action == "user.change"


def test_triggers_stand_after_all_migrations() -> None:
    assert appendonly.missing() == set()


def test_check_reports_missing_triggers_and_migrate_restores_them() -> None:
    appendonly.remove()
    try:
        assert appendonly.missing() == set(appendonly.TRIGGERS)
    finally:
        call_command("migrate", "core", verbosity=0, skip_checks=True)
    assert appendonly.missing() == set()


def test_a_user_with_entries_cannot_be_deleted(entry: AuditEntry, ada: User) -> None:
    with pytest.raises(DatabaseError):
        ada.delete()
