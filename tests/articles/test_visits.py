"""Visits to stories, by the hour."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from articles import visits
from articles.models import Article, Visits
from newsroom.core import surfaces
from newsroom.core.models import SurfaceLog
from tests.factories import make_article

AT = datetime(2026, 8, 12, 7, 59, 58, tzinfo=UTC)


def counted() -> dict[tuple[int, int], int]:
    """Return (story, hour) -> visits."""
    return {(row.article_id, row.hour.hour): row.count for row in Visits.objects.order_by("pk")}


@pytest.mark.django_db
def test_visits_add_up_hour_by_hour() -> None:
    first, second = make_article(), make_article(title="Yang kedua")
    visits.write_down({surfaces.article(first.pk): 3, surfaces.article(second.pk): 1}, at=AT)
    visits.write_down({surfaces.article(first.pk): 4}, at=AT + timedelta(seconds=1))
    visits.write_down({surfaces.article(first.pk): 5}, at=AT + timedelta(seconds=2))
    assert counted() == {(first.pk, 7): 7, (first.pk, 8): 5, (second.pk, 7): 1}


@pytest.mark.django_db
def test_stories_that_are_gone_and_other_pages_hold_nothing_up() -> None:
    story = make_article()
    visits.write_down(
        {surfaces.article(story.pk): 1, surfaces.article(story.pk + 1): 1, "home": 1, "article:*": 1, "article:07": 1},
        at=AT,
    )
    visits.write_down({}, at=AT)
    assert counted() == {(story.pk, 7): 1}


@pytest.mark.django_db
def test_no_page_is_thrown_away_for_it() -> None:
    story = make_article()
    before = SurfaceLog.objects.count()
    visits.write_down({surfaces.article(story.pk): 1}, at=AT)
    assert SurfaceLog.objects.count() == before


@pytest.mark.django_db
def test_many_stories_take_as_many_statements_as_one() -> None:
    stories = [make_article(title=f"Cerita {number}") for number in range(5)]
    took = []
    for some in (stories[:1], stories):
        with CaptureQueriesContext(connection) as queries:
            visits.write_down({surfaces.article(story.pk): 1 for story in some}, at=AT)
        took.append(len(queries))
    assert took[0] == took[1]


@pytest.mark.django_db
def test_the_desk_is_told_how_often_a_story_was_read_lately_and_in_all() -> None:
    story, other = make_article(), make_article(title="Yang lain")
    for hours, count in ((0, 3), (23, 4), (24, 5), (2000, 6)):
        visits.write_down({surfaces.article(story.pk): count}, at=AT - timedelta(hours=hours))
    visits.write_down({surfaces.article(other.pk): 8}, at=AT)
    with CaptureQueriesContext(connection) as queries:
        assert visits.of(story.pk, at=AT) == visits.Counted(lately=7, ever=18)
        most = visits.most_read(Article.objects.all(), at=AT, number=5)
    assert most == [(other.pk, "Yang lain", 8), (story.pk, story.title, 7)]
    assert len(queries) == 2
    assert visits.of(story.pk + 99, at=AT) == visits.Counted(lately=0, ever=0)
    assert [row.article for row in visits.most_read(Article.objects.filter(pk=story.pk), at=AT, number=1)] == [story.pk]


@pytest.mark.django_db
def test_after_400_days_they_are_forgotten() -> None:
    story = make_article()
    for days in (401, 399):
        visits.write_down({surfaces.article(story.pk): 1}, at=AT - timedelta(days=days))
    assert visits.forget(at=AT) == 1
    assert Visits.objects.count() == 1


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let the test commit, and empty the database behind it."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)
        connection.close()


@pytest.mark.postgresql
@pytest.mark.usefixtures("committed")
def test_processes_that_write_at_once_lose_nothing_and_never_wait_in_a_ring() -> None:
    stories = [make_article(title=f"Cerita {number}") for number in range(6)]
    barrier = threading.Barrier(4)

    def write(which: int) -> None:
        # Each names the stories in another order.
        ordered = stories if which % 2 else stories[::-1]
        try:
            for _ in range(20):
                barrier.wait()
                visits.write_down({surfaces.article(story.pk): 1 for story in ordered}, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    assert counted() == {(story.pk, 7): 80 for story in Article.objects.all()}
