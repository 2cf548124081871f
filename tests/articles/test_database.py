"""What the database itself refuses, on SQLite by triggers and on PostgreSQL by constraint."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_migrate

from articles import database
from articles.models import FAR_FUTURE, Publication
from tests.articles.acts import HOUR
from tests.factories import AT, make_live, person

pytestmark = pytest.mark.django_db


def insert(live: Publication, **facts: Any) -> Publication:
    """Insert another row for the same article, past every service."""
    return Publication.objects.create(
        **{
            "article": live.article,
            "revision": live.revision,
            "visible_from": AT + HOUR,
            "first_published_at": AT,
            "created_at": AT,
            **facts,
        }
    )


@pytest.fixture
def live() -> Publication:
    return Publication.objects.get(article=make_live())


def test_all_guards_stand_after_all_migrations() -> None:
    assert database.missing() == set()
    assert database.check_guards(databases=["default"]) == []


def test_check_runs_on_named_databases_only() -> None:
    assert database.check_guards() == []


@pytest.mark.sqlite
def test_check_names_what_is_missing_and_a_migration_brings_it_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER publication_facts")
    (warning,) = database.check_guards(databases=["default"])
    assert (warning.id, bool(warning.hint)) == ("articles.W001", True)
    assert "publication_facts" in str(warning.msg)
    config = Publication._meta.app_config
    post_migrate.send(sender=config, app_config=config, using="default", verbosity=0, interactive=False)
    assert database.missing() == set()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_remaking_the_table_drops_the_triggers_and_installing_twice_is_harmless() -> None:
    with connection.schema_editor() as editor:
        editor._remake_table(Publication)
    assert database.missing() == set(database.TRIGGERS)
    database.install()
    database.install()
    assert database.missing() == set()


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (AT + HOUR, FAR_FUTURE),
        (AT - HOUR, AT + HOUR),
        (AT - HOUR, AT + timedelta(microseconds=1)),
        (AT, FAR_FUTURE),
    ],
)
def test_no_two_standing_rows_of_an_article_overlap(live: Publication, starts: Any, ends: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(live, visible_from=starts, visible_until=ends)


def test_tombstones_and_suppressed_rows_count_as_well(live: Publication) -> None:
    Publication.objects.filter(pk=live.pk).update(suppressed_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(live, revision=None, kind="tombstone", ground="error", public_reason="Keliru.")


def test_rows_may_touch_and_voided_ones_may_lie_anywhere(live: Publication) -> None:
    insert(live, visible_from=AT - HOUR, visible_until=AT)
    insert(live, voided_at=AT, void_cause="cancelled")
    insert(live, voided_at=AT, void_cause="cancelled")


def test_moving_an_end_over_another_row_is_refused(live: Publication) -> None:
    earlier = insert(live, visible_from=AT - HOUR, visible_until=AT)
    earlier.visible_until = AT + HOUR
    with pytest.raises(IntegrityError), transaction.atomic():
        earlier.save(update_fields=["visible_until"])


def test_a_row_has_to_last(live: Publication) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(live, visible_from=AT - HOUR, visible_until=AT - HOUR)


CHANGED = {
    "article_id": 0,
    "revision_id": None,
    "kind": "tombstone",
    "takes_over": True,
    "visible_from": AT - HOUR,
    "first_published_at": AT - HOUR,
    "substantive_at": AT,
    "change_note": "Lain",
    "ground": "error",
    "public_reason": "Lain",
    "by_id": None,
    "created_at": AT - HOUR,
}


def test_every_fact_has_its_case() -> None:
    assert set(CHANGED) == set(database.FACTS)


@pytest.mark.parametrize("fact", sorted(CHANGED))
def test_no_fact_changes(live: Publication, fact: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=live.pk).update(**{fact: CHANGED[fact]})


@pytest.mark.parametrize("field", ["voided_at", "suppressed_at"])
@pytest.mark.parametrize("value", [None, AT + HOUR])
def test_voiding_and_suppressing_are_final(live: Publication, field: str, value: Any) -> None:
    first = {field: AT} | ({"void_cause": "cancelled"} if field == "voided_at" else {})
    Publication.objects.filter(pk=live.pk).update(**first)
    again = {field: value} | ({"void_cause": "" if value is None else "held"} if field == "voided_at" else {})
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=live.pk).update(**again)


def test_a_tombstone_needs_ground_and_reason(live: Publication) -> None:
    for facts in ({"ground": "error"}, {"public_reason": "Keliru."}):
        with pytest.raises(IntegrityError), transaction.atomic():
            insert(live, revision=None, kind="tombstone", visible_from=AT - HOUR, visible_until=AT, **facts)


def test_the_projection_may_change(live: Publication) -> None:
    live.title = "Judul baru"
    live.save()
    assert Publication.objects.get(pk=live.pk).title == "Judul baru"
    assert live.by == person("ed")
