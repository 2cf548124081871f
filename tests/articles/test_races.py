"""Two people act on one story at the same moment. Real threads, real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from articles import publishing, revisions, workflow
from articles.models import Article, Publication
from articles.refusals import Refusal
from articles.states import PublicState, public_state
from tests.articles.acts import BURIAL, HOUR, make_revised
from tests.factories import AT, person

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

LATER = AT + HOUR
Call = Callable[[Article], Any]


def race(article: Article, *calls: Call) -> list[Any]:
    """Let every call start at once, each on a connection of its own; return their results or refusals."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Call) -> None:
        mine = Article.objects.get(pk=article.pk)
        barrier.wait()
        try:
            results[place] = call(mine)
        except Refusal as refusal:
            results[place] = refusal
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return results


def publish(number: int) -> Call:
    editor = person("ed")
    return lambda article: publishing.publish(article, revision=number, by=editor, at=LATER)


def withdraw() -> Call:
    editor = person("ed")
    return lambda article: publishing.withdraw(article, by=editor, at=LATER, **BURIAL)


def schedule(number: int) -> Call:
    editor = person("ed")
    return lambda article: publishing.schedule(article, revision=number, visible_from=LATER + HOUR, by=editor, at=LATER)


def hold() -> Call:
    editor = person("ed")
    return lambda article: workflow.hold(article, reason="Menunggu", by=editor, at=LATER)


@pytest.fixture
def story() -> Article:
    article = make_revised(4)
    publishing.publish(article, revision=1, by=person("ed"), at=AT)
    return article


@pytest.mark.parametrize("_round", range(4))
def test_two_publishes_of_one_revision_publish_it_once(story: Article, _round: int) -> None:
    results = race(story, publish(2), publish(2))
    assert sorted(isinstance(result, publishing.Outcome) for result in results) == [False, True]
    assert [result.code for result in results if isinstance(result, Refusal)] == ["already_public"]
    assert Publication.objects.filter(article=story, revision__number=2).count() == 1


@pytest.mark.parametrize("_round", range(4))
def test_publishes_of_three_revisions_stand_in_line(story: Article, _round: int) -> None:
    results = race(story, publish(2), publish(3), publish(4))
    assert all(isinstance(result, publishing.Outcome) for result in results), results
    rows = list(Publication.objects.standing().filter(article=story).order_by("visible_from"))
    assert [row.visible_until for row in rows[:-1]] == [row.visible_from for row in rows[1:]]
    assert len({row.visible_from for row in rows}) == 4
    assert {row.revision.number for row in rows} == {1, 2, 3, 4}


@pytest.mark.parametrize("_round", range(4))
def test_publish_and_withdraw_leave_one_answer(story: Article, _round: int) -> None:
    results = race(story, publish(2), withdraw())
    assert all(isinstance(result, publishing.Outcome) for result in results), results
    (current,) = Publication.objects.at(LATER + timedelta(seconds=1)).filter(article=story)
    last = max(results, key=lambda outcome: outcome.publication.pk)
    assert current == last.publication


@pytest.mark.parametrize("_round", range(4))
def test_publish_and_hold_never_publish_what_is_held(story: Article, _round: int) -> None:
    published, held = race(story, publish(2), hold())
    story.refresh_from_db()
    assert held == []
    assert story.held_at
    shown = Publication.objects.live(LATER + HOUR).get(article=story).revision
    if isinstance(published, Refusal):
        assert published.code == "held"
        assert shown.number == 1
    else:
        assert shown.number == 2


@pytest.mark.parametrize("_round", range(4))
def test_schedule_and_hold_leave_no_plan(story: Article, _round: int) -> None:
    race(story, schedule(2), hold())
    assert public_state(story, LATER + timedelta(seconds=1)) == PublicState.LIVE
    assert public_state(story, LATER + 3 * HOUR) == PublicState.LIVE
    assert Publication.objects.live(LATER + 3 * HOUR).get(article=story).revision.number == 1


def test_saves_at_once_number_their_revisions_in_turn(story: Article) -> None:
    reporter = person("ada")

    def save(title: str) -> Call:
        def call(article: Article) -> Any:
            Article.objects.filter(pk=article.pk).update(title=title)
            return workflow.working_copy_saved(article, by=reporter, at=LATER)

        return call

    results = race(story, save("Satu"), save("Dua"), save("Tiga"))
    assert not [result for result in results if isinstance(result, Exception)], results
    numbers = list(story.revisions.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    newest = revisions.latest(story)
    story.refresh_from_db()
    assert newest is not None
    assert newest.payload["title"] == story.title


def test_of_two_saves_that_saw_one_version_one_is_told(story: Article) -> None:
    claimed = race(story, *[lambda article: workflow.claim_version(article.pk, article.version)] * 3)
    assert sorted(claimed) == [False, False, True]
