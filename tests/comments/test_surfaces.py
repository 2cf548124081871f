"""Every service and the surfaces it bumps: readers see each change soon, and no page is rendered for nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType

import pytest

from articles.models import Article
from comments import posting, recount, retention, saved, threads
from comments.models import Bulk, Comment, Decision, Status, Thread
from comments.moderation import bulk, desk, rulebook, words
from newsroom.core import surfaces
from newsroom.core.models import SurfaceLog
from tests.comments.factories import AT, make_comment, moderator, typed


def bumped(act: Callable[[], object]) -> set[str]:
    """Return the surfaces that `act` bumps."""
    last = SurfaceLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    act()
    return {key for row in SurfaceLog.objects.filter(pk__gt=last) for key in row.keys}


def keep(article: Article, mode: str) -> None:
    threads.keep(article.pk, mode=mode, closes_at=None, by=moderator(), at=AT)


def post_waiting(article: Article) -> Callable[[], object]:
    return lambda: posting.post(**typed(article))


def post_open(article: Article) -> Callable[[], object]:
    keep(article, Thread.Mode.OPEN)
    return lambda: posting.post(**typed(article))


def post_spam(article: Article) -> Callable[[], object]:
    return lambda: posting.post(**typed(article, honeypot="x"))


def decision(
    verb: Callable[..., desk.Outcome], status: str, *, needs_reason: bool
) -> Callable[[Article], Callable[[], object]]:
    def prepare(article: Article) -> Callable[[], object]:
        comment = make_comment(article, status=status)
        why = {"reason": "other"} if needs_reason else {}
        return lambda: verb(comment.pk, version=comment.version, by=moderator(), at=AT, **why)

    return prepare


def undo(status: str) -> Callable[[Article], Callable[[], object]]:
    def prepare(article: Article) -> Callable[[], object]:
        made = Decision.objects.get(comment=make_comment(article, status=status))
        return lambda: desk.undo(made.pk, by=moderator(), at=AT)

    return prepare


def change_of_a_tombstone(article: Article) -> Callable[[], object]:
    root = make_comment(article)
    make_comment(article, reply_to=root)
    desk.reject(root.pk, version=2, reason="hatred", by=moderator(), at=AT)
    return lambda: desk.remove(root.pk, version=3, reason="unlawful", by=moderator(), at=AT)


def settle(article: Article) -> Callable[[], object]:
    comment = make_comment(article, status=Status.PENDING)
    comment.pk = comment.idempotency_key = None
    return lambda: desk.settle(comment, status=Status.APPROVED, at=AT)


def decide_all(article: Article) -> Callable[[], object]:
    comment = make_comment(article, status=Status.PENDING)
    return lambda: desk.decide_all(
        [desk.Choice(comment.pk, 1)],
        lambda choice: desk.approve(choice.comment_id, version=choice.version, by=moderator(), at=AT),
    )


def repair_drift(article: Article) -> Callable[[], object]:
    comment = make_comment(article)
    Thread.objects.update(visible_count=9)
    return lambda: recount.repair(comment.thread_id, by=None, at=AT)


def repair_nothing(article: Article) -> Callable[[], object]:
    comment = make_comment(article)
    return lambda: recount.repair(comment.thread_id, by=None, at=AT)


def drop_hashes(article: Article) -> Callable[[], object]:
    make_comment(article)
    return lambda: retention.drop_hashes(at=AT + timedelta(days=31))


def add_word(article: Article) -> Callable[[], object]:
    return lambda: words.add("kuda", action="ban", by=moderator(), at=AT)


def change_word(article: Article) -> Callable[[], object]:
    word = words.add("kuda", action="ban", by=moderator(), at=AT)
    return lambda: words.change(word.pk, action="hold", note="", by=moderator(), at=AT)


def remove_word(article: Article) -> Callable[[], object]:
    word = words.add("kuda", action="ban", by=moderator(), at=AT)
    return lambda: words.remove(word.pk, by=moderator(), at=AT)


def together(article: Article) -> Bulk:
    """Approve a waiting comment as a bulk of one."""
    comment = make_comment(article, status=Status.PENDING)

    def approve(choice: desk.Choice, made: Bulk) -> desk.Outcome:
        return desk.approve(choice.comment_id, version=choice.version, by=moderator(), at=AT, bulk=made)

    return bulk.decide([desk.Choice(comment.pk, 1)], approve, verdict="approve", by=moderator(), at=AT)


def undo_together(article: Article) -> Callable[[], object]:
    made = together(article)
    return lambda: bulk.undo(made.pk, by=moderator(), at=AT)


def set_limit(article: Article) -> Callable[[], object]:
    return lambda: rulebook.change({"links_allowed": 3}, version=1, by=moderator(), at=AT)


def keep_view(article: Article) -> Callable[[], object]:
    return lambda: saved.keep("Tautan", "rule=links", by=moderator(), at=AT)


def drop_view(article: Article) -> Callable[[], object]:
    view = saved.keep("Tautan", "rule=links", by=moderator(), at=AT)
    return lambda: saved.drop(view.pk, by=moderator(), at=AT)


# Service, what it does, whether it bumps the thread, on which the story's page stands and no list does.
TABLE: list[tuple[Callable[..., object], Callable[[Article], Callable[[], object]], bool]] = [
    (posting.post, post_waiting, False),
    (posting.post, post_open, True),
    (posting.post, post_spam, False),
    (desk.approve, decision(desk.approve, Status.PENDING, needs_reason=False), True),
    (desk.reject, decision(desk.reject, Status.PENDING, needs_reason=True), False),
    (desk.reject, decision(desk.reject, Status.APPROVED, needs_reason=True), True),
    (desk.spam, decision(desk.spam, Status.PENDING, needs_reason=False), False),
    (desk.spam, decision(desk.spam, Status.APPROVED, needs_reason=False), True),
    (desk.remove, decision(desk.remove, Status.PENDING, needs_reason=True), False),
    (desk.remove, decision(desk.remove, Status.APPROVED, needs_reason=True), True),
    (desk.remove, change_of_a_tombstone, True),
    (desk.remove_with_replies, decision(desk.remove_with_replies, Status.PENDING, needs_reason=True), False),
    (desk.remove_with_replies, decision(desk.remove_with_replies, Status.APPROVED, needs_reason=True), True),
    (desk.undo, undo(Status.APPROVED), True),
    (desk.undo, undo(Status.REJECTED), False),
    (desk.settle, settle, True),
    (desk.decide_all, decide_all, True),
    (threads.keep, lambda article: lambda: keep(article, Thread.Mode.CLOSED), True),
    (recount.repair, repair_drift, True),
    (recount.repair, repair_nothing, False),
    (retention.drop_hashes, drop_hashes, False),
    (words.add, add_word, False),
    (words.change, change_word, False),
    (words.remove, remove_word, False),
    (bulk.decide, lambda article: lambda: together(article), True),
    (bulk.undo, undo_together, True),
    # The age at which conversations close is another matter: tests/comments/admin/test_rulebook.py.
    (rulebook.change, set_limit, False),
    (saved.keep, keep_view, False),
    (saved.drop, drop_view, False),
]


@pytest.mark.parametrize(
    ("service", "prepare", "bumps"),
    TABLE,
    ids=[f"{service.__module__}.{service.__name__}-{bumps}" for service, _, bumps in TABLE],
)
def test_service_bumps(
    article: Article, service: object, prepare: Callable[[Article], Callable[[], object]], bumps: bool
):
    expected = {surfaces.thread(article.pk)} if bumps else set()
    assert bumped(prepare(article)) == expected


def services(module: ModuleType) -> set[Callable[..., object]]:
    """Return the public functions of a module that write: they take the moment of the act, and readers do too."""
    return {
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "at" in inspect.signature(function).parameters
    }


def test_the_table_has_every_service():
    reads = {threads.standing}
    modules = (posting, desk, threads, words, recount, retention, bulk, rulebook, saved)
    written = set().union(*map(services, modules)) - reads
    assert written <= {service for service, _, _ in TABLE}


def test_a_failed_decision_bumps_nothing(article: Article):
    comment = make_comment(article)

    def stale() -> None:
        with pytest.raises(desk.StaleDecision):
            desk.spam(comment.pk, version=1, by=moderator(), at=AT)

    assert bumped(stale) == set()
    assert Comment.objects.get(pk=comment.pk).visible
