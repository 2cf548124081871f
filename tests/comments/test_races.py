"""Real threads on PostgreSQL: double clicks, decisions against replies, moderators against each other."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from articles.models import Article
from comments import posting, recount, threads
from comments.models import Bulk, Comment, Decision, Status, Thread
from comments.models.comment import CommentQuerySet
from comments.moderation import bulk, desk
from newsroom.core import surfaces
from newsroom.core.models import RateCount, SurfaceLog, User
from tests.comments.factories import AT, live_article, make_comment, moderator, typed

T = TypeVar("T")
pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let tests commit, and empty the database once behind all of them: emptying takes longer than the races."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", verbosity=0, interactive=False)
        connection.close()


@pytest.fixture
def article(committed: None) -> Article:
    return live_article()


def comments(article: Article) -> CommentQuerySet:
    return Comment.objects.filter(thread__article=article)


def visible_count(article: Article) -> int:
    return Thread.objects.get(article=article).visible_count


def changes(article: Article) -> int:
    """Return how often the page cache was told that the thread changed."""
    return SurfaceLog.objects.filter(keys__contains=[surfaces.thread(article.pk)]).count()


def together(jobs: Iterable[Callable[[], T]], *, at_once: int = 16) -> list[T | Exception]:
    """Run the jobs on many connections and return their results, exceptions as values."""

    def run(job: Callable[[], T]) -> T | Exception:
        try:
            return job()
        except Exception as error:
            return error

    def leave() -> None:
        barrier.wait()
        connection.close()

    barrier = threading.Barrier(at_once)
    with ThreadPoolExecutor(at_once) as pool:
        results = list(pool.map(run, jobs))
        list(pool.map(lambda _: leave(), range(at_once)))
    return results


def test_200_identical_posts_are_one_comment_with_one_answer(article: Article):
    fields = typed(article, address="198.51.100.9")
    answers = together([partial(posting.post, **fields)] * 200)
    assert len({repr(answer) for answer in answers}) == 1
    assert isinstance(answers[0], posting.Posted)
    assert comments(article).count() == 1
    hashes = comments(article).values_list("address_hash", "network_hash").get()
    assert list(RateCount.objects.filter(key__in=hashes).values_list("count", flat=True)) == [1, 1]


def test_identical_posts_on_both_sides_of_ten_minutes_are_one_comment(article: Article):
    fields = typed(article)
    end = AT.replace(minute=10, second=0, microsecond=0)
    moments = [end + timedelta(microseconds=number - 20) for number in range(40)]
    answers = together([partial(posting.post, **fields | {"at": at}) for at in moments])
    assert {type(answer) for answer in answers} == {posting.Posted}
    assert comments(article).count() == 1


def test_first_comments_of_a_story_share_one_thread(article: Article):
    answers = together([partial(posting.post, **typed(article)) for _ in range(32)])
    assert {type(answer) for answer in answers} == {posting.Posted}
    assert Thread.objects.filter(article=article).count() == 1
    assert comments(article).count() == 32


def test_two_moderators_one_wins_and_the_others_are_told(article: Article):
    comment = make_comment(article, status=Status.PENDING)
    people = [moderator(name) for name in ("mo", "cas", "ed")]
    verbs: list[Callable[..., desk.Outcome]] = [desk.approve, desk.spam]
    jobs = [lambda verb=verb, by=by: verb(comment.pk, version=1, by=by, at=AT) for verb in verbs for by in people] * 3
    results = together(jobs)
    winners = [result for result in results if isinstance(result, desk.Outcome)]
    assert len(winners) == 1
    assert all(isinstance(result, desk.StaleDecision) for result in results if result not in winners)
    assert Decision.objects.get(comment=comment).pk == winners[0].decision.pk
    assert visible_count(article) == (1 if winners[0].is_visible else 0)


def test_undo_clicked_twice_is_done_once(article: Article):
    comment = make_comment(article)
    decision = Decision.objects.get(comment=comment)
    results = together([partial(desk.undo, decision.pk, by=moderator(), at=AT)] * 8)
    assert sum(isinstance(result, desk.Outcome) for result in results) == 1
    assert visible_count(article) == 0


@pytest.mark.parametrize("mode", [Thread.Mode.OPEN, Thread.Mode.PREMODERATED])
def test_replies_while_their_parent_goes_are_refused_or_hidden(article: Article, mode: str):
    threads.keep(article.pk, mode=mode, closes_at=None, by=moderator(), at=AT)
    for _ in range(3):
        root = make_comment(article)
        parent = make_comment(article, reply_to=root)
        jobs: list[Callable[[], Any]] = [
            partial(posting.post, **typed(article, reply_to_id=parent.pk)) for _ in range(12)
        ]
        version = Comment.objects.values_list("version", flat=True).get(pk=root.pk)
        jobs.insert(
            random.randrange(4, 12),
            partial(desk.remove_with_replies, root.pk, version=version, reason="other", by=moderator(), at=AT),
        )
        results = together(jobs)
        assert not [result for result in results if isinstance(result, Exception)]
        assert not Comment.objects.filter(root=root).visible().exists()
    assert list(recount.drifts()) == []
    assert visible_count(article) == 0


def test_comments_shown_at_once_are_counted_while_a_moderator_decides(article: Article):
    threads.keep(article.pk, mode=Thread.Mode.OPEN, closes_at=None, by=moderator(), at=AT)
    root = make_comment(article)
    before = changes(article)

    def flip() -> None:
        for _ in range(4):
            version = Comment.objects.values_list("version", flat=True).get(pk=root.pk)
            outcome = desk.reject(root.pk, version=version, reason="other", by=moderator(), at=AT)
            desk.undo(outcome.decision.pk, by=moderator(), at=AT)

    jobs: list[Callable[[], Any]] = [
        partial(posting.post, **typed(article, reply_to_id=None if number % 2 else root.pk)) for number in range(40)
    ]
    jobs.insert(8, flip)
    results = [result for result in together(jobs) if result is not None]
    shown = [result for result in results if isinstance(result, posting.Posted) and result.is_visible]
    assert {type(result) for result in results} == {posting.Posted}
    assert len(shown) >= 20
    assert list(recount.drifts()) == []
    assert visible_count(article) == comments(article).visible().count() == len(shown) + 1
    assert changes(article) - before == len(shown) + 8


def test_counts_are_right_after_random_decisions_at_once(article: Article):
    dice = random.Random(4)
    roots = [make_comment(article) for _ in range(3)]
    tree = list(roots)
    for _ in range(12):
        tree.append(make_comment(article, reply_to=dice.choice(tree)))

    def decide(seed: int) -> None:
        own = random.Random(seed)
        for _ in range(6):
            comment = Comment.objects.get(pk=own.choice(tree).pk)
            verb = own.choice((desk.approve, desk.spam, desk.remove_with_replies, desk.reject))
            why = {} if verb in (desk.approve, desk.spam) else {"reason": "other"}
            try:
                outcome = verb(comment.pk, version=comment.version, by=moderator(), at=AT, **why)
                if own.random() < 0.4:
                    desk.undo(outcome.decision.pk, by=moderator(), at=AT)
            except desk.DeskError:
                continue

    results = together([partial(decide, seed) for seed in range(12)], at_once=8)
    assert [result for result in results if result is not None] == []
    assert list(recount.drifts()) == []
    assert visible_count(article) == comments(article).visible().count()


def test_recount_never_sees_a_decision_half_way(article: Article):
    root = make_comment(article)
    for _ in range(4):
        make_comment(article, reply_to=root)
    stop = threading.Event()

    def flip() -> None:
        for _ in range(12):
            version = Comment.objects.values_list("version", flat=True).get(pk=root.pk)
            outcome = desk.spam(root.pk, version=version, by=moderator(), at=AT)
            desk.undo(outcome.decision.pk, by=moderator(), at=AT)
        stop.set()

    def watch() -> list[recount.Drift]:
        seen: list[recount.Drift] = []
        while not stop.is_set():
            seen += recount.drifts()
        return seen

    jobs: Iterator[Callable[[], Any]] = iter([flip, watch, watch])
    assert together(jobs, at_once=3) == [None, [], []]


def test_bulks_in_opposite_order_neither_wait_for_each_other_nor_decide_twice(article: Article):
    other = live_article(title="Cerita lain")
    made = [make_comment(story, status=Status.PENDING).pk for _ in range(15) for story in (article, other)]
    people = [moderator(name) for name in ("mo", "cas")]

    def decide_all(verb: Callable[..., desk.Outcome], pks: list[int], by: User) -> Bulk:
        choices = [desk.Choice(pk, 1) for pk in pks]
        return bulk.decide(
            choices,
            lambda choice, together: verb(choice.comment_id, version=1, by=by, at=AT, bulk=together),
            verdict=verb.__name__,
            by=by,
            at=AT,
        )

    jobs: list[Callable[[], object]] = [
        partial(decide_all, verb, pks, by)
        for verb, pks, by in zip((desk.approve, desk.spam) * 2, (made, made[::-1]) * 2, people * 2, strict=True)
    ]
    jobs += [partial(desk.approve, pk, version=1, by=people[0], at=AT) for pk in made[::3]]
    results = together(jobs, at_once=8)
    bulks = [result for result in results if isinstance(result, Bulk)]
    assert len(bulks) == 4
    assert {row["outcome"] for each in bulks for row in each.results} <= {"decided", "stale"}
    assert Decision.objects.filter(comment_id__in=made, version=2).count() == len(made)
    assert Decision.objects.filter(comment_id__in=made).count() == len(made)
    for story in (article, other):
        assert visible_count(story) == comments(story).filter(visible=True).count()


def test_one_bulk_is_undone_once(article: Article):
    made = [make_comment(article, status=Status.PENDING).pk for _ in range(5)]
    mo = moderator()
    done = bulk.decide(
        [desk.Choice(pk, 1) for pk in made],
        lambda choice, together: desk.spam(choice.comment_id, version=1, by=mo, at=AT, bulk=together),
        verdict="spam",
        by=mo,
        at=AT,
    )
    results = together([partial(bulk.undo, done.pk, by=mo, at=AT)] * 8, at_once=8)
    assert sum(isinstance(result, Bulk) for result in results) == 1
    assert sum(isinstance(result, bulk.AlreadyUndone) for result in results) == 7
    assert comments(article).filter(status=Status.PENDING).count() == 5
