"""Prepared questions answer as the querysets do that they stand for."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import CharField, Count, Q
from django.test.utils import CaptureQueriesContext

from newsroom.core.models import RateCount
from newsroom.core.prepared import Prepared, Slot, moment

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counts() -> None:
    rows = [("a", 1, AT), ("a", 2, AT + timedelta(minutes=1)), ("b", 3, AT)]
    RateCount.objects.bulk_create(
        [RateCount(scope=scope, key=f"{n}", window_start=at, count=n) for scope, n, at in rows]
    )


def since() -> Prepared[tuple[str, int, datetime]]:
    return Prepared(
        lambda: (
            RateCount.objects.filter(scope=Slot("scope", CharField()), window_start__gte=moment("at"))
            .order_by("count")
            .values_list("scope", "count", "window_start")
        ),
        lambda scope, count, start: (scope, count, start),
    )


def test_each_call_answers_for_its_own_values() -> None:
    asked = since()
    assert asked.all(scope="a", at=AT) == [("a", 1, AT), ("a", 2, AT + timedelta(minutes=1))]
    assert asked.all(scope="a", at=AT + timedelta(seconds=1)) == [("a", 2, AT + timedelta(minutes=1))]
    assert asked.first(scope="b", at=AT) == ("b", 3, AT)
    assert asked.first(scope="' OR 1=1 --", at=AT) is None


def test_a_list_of_slots_and_an_aggregate() -> None:
    asked = Prepared(
        lambda: (
            RateCount.objects.filter(key__in=[Slot("one", CharField()), Slot("other", CharField())])
            .values("scope")
            .annotate(all=Count("pk"), big=Count("pk", filter=Q(count__gte=2)))
            .values_list("all", "big")
        ),
        lambda found, big: (found, big),
    )
    assert asked.all(one="1", other="2") == [(2, 1)]
    assert asked.all(one="8", other="9") == []


def test_django_builds_it_once_for_all_threads() -> None:
    built = []

    def build() -> object:
        built.append(threading.get_ident())
        return RateCount.objects.values_list("pk")

    asked = Prepared(build, lambda pk: pk)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as queries:
        assert len(asked.all()) == len(asked.all()) == 3
    assert len(built) == 1
    assert len({query["sql"] for query in queries}) == 1
    assert len(queries) == 2


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        since().all(scope="a")
