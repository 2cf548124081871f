"""Decisions: what each does to the comment, its replies, the counts, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from articles.models import Article
from comments import posting
from comments.models import Comment, Decision, RejectReason, Status, Thread
from comments.moderation import desk
from newsroom.core.models import AuditEntry
from tests.comments.factories import AT, decide, make_comment, moderator, typed

WHY = {"reason": RejectReason.PERSONAL_ATTACK}
VERBS: dict[str, tuple[Callable[..., desk.Outcome], dict[str, Any], Status]] = {
    "approve": (desk.approve, {}, Status.APPROVED),
    "reject": (desk.reject, WHY, Status.REJECTED),
    "spam": (desk.spam, {}, Status.SPAM),
    "remove": (desk.remove, WHY, Status.REMOVED),
    "remove_with_replies": (desk.remove_with_replies, WHY, Status.REMOVED),
}


def act(verb: str, comment: Comment, **fields: Any) -> desk.Outcome:
    decide_, extra, _status = VERBS[verb]
    comment.refresh_from_db()
    return decide_(comment.pk, **{"version": comment.version, "by": moderator(), "at": AT} | extra | fields)


def shown(article: Article) -> set[int]:
    return set(Comment.objects.filter(thread__article=article).visible().values_list("pk", flat=True))


def count(article: Article) -> int:
    return Thread.objects.get(article=article).visible_count


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("verb", list(VERBS))
def test_every_decision_in_every_state(article: Article, verb: str, status: str):
    comment = make_comment(article, status=status)
    _, _, target = VERBS[verb]
    before = Comment.objects.filter(pk=comment.pk).values("status", "hides_replies", "visible", "version").get()
    if status == target and verb != "remove_with_replies":
        with pytest.raises(desk.NoSuchDecision):
            act(verb, comment)
        return
    outcome = act(verb, comment)
    comment.refresh_from_db()
    assert (comment.status, comment.version) == (target, before["version"] + 1)
    assert comment.visible == outcome.is_visible == (target == Status.APPROVED)
    assert count(article) == (1 if comment.visible else 0)
    undone = desk.undo(outcome.decision.pk, by=moderator(), at=AT)
    after = Comment.objects.filter(pk=comment.pk).values("status", "hides_replies", "visible", "version").get()
    assert after == before | {"version": undone.version}
    assert count(article) == (1 if after["visible"] else 0)


def test_a_decision_leaves_who_when_why_and_no_words_of_the_reader(article: Article):
    comment = make_comment(article, status=Status.PENDING, name="Tom", email="tom@example.com", text="Sebuah pendapat.")
    desk.reject(comment.pk, version=1, reason=RejectReason.HATRED, note="Lihat kalimat kedua.", by=moderator(), at=AT)
    decision = Decision.objects.get(comment=comment)
    assert (decision.by, decision.at, decision.from_status, decision.to_status) == (
        moderator(), AT, Status.PENDING, Status.REJECTED,
    )  # fmt: skip
    assert (decision.reason, decision.note) == (RejectReason.HATRED, "Lihat kalimat kedua.")
    entry = AuditEntry.objects.get(action="comment.reject")
    assert (entry.by, entry.object_id) == (moderator(), str(comment.pk))
    assert not {"Tom", "tom@example.com", "pendapat", "kalimat"} & set(str(entry.data).replace("'", " ").split())


def test_reject_needs_a_reason_readers_may_be_told(article: Article):
    comment = make_comment(article, status=Status.PENDING)
    with pytest.raises(ValueError):
        desk.reject(comment.pk, version=1, reason="because", by=moderator(), at=AT)
    comment.refresh_from_db()
    assert comment.status == Status.PENDING


def test_stale_decision_tells_who_decided_what(article: Article):
    comment = make_comment(article, status=Status.PENDING)
    desk.approve(comment.pk, version=1, by=moderator("cas"), at=AT)
    with pytest.raises(desk.StaleDecision) as caught:
        desk.spam(comment.pk, version=1, by=moderator(), at=AT)
    assert caught.value.comment.status == Status.APPROVED
    assert caught.value.decision is not None
    assert (caught.value.decision.by, caught.value.decision.to_status) == (moderator("cas"), Status.APPROVED)
    assert Decision.objects.filter(comment=comment).count() == 1
    assert count(article) == 1


def test_rejected_or_removed_comment_leaves_its_replies(article: Article):
    root = make_comment(article)
    reply = make_comment(article, reply_to=root)
    for verb in ("remove", "reject"):
        assert act(verb, root).change == -1
        assert shown(article) == {reply.pk}
        assert act("approve", root).change == 1


@pytest.mark.parametrize("verb", ["spam", "remove_with_replies"])
def test_taking_replies_along_and_undoing_it(article: Article, verb: str):
    root = make_comment(article)
    reply = make_comment(article, reply_to=root)
    below = make_comment(article, reply_to=reply)
    waiting = make_comment(article, reply_to=reply, status=Status.PENDING)
    outcome = act(verb, root)
    assert outcome.change == -3
    assert shown(article) == set()
    assert desk.undo(outcome.decision.pk, by=moderator(), at=AT).change == 3
    assert shown(article) == {root.pk, reply.pk, below.pk}
    waiting.refresh_from_db()
    assert waiting.status == Status.PENDING


def test_replies_hidden_twice_show_when_both_are_undone(article: Article):
    root = make_comment(article)
    middle = make_comment(article, reply_to=root)
    leaf = make_comment(article, reply_to=middle)
    inner = act("spam", middle)
    outer = act("remove_with_replies", root)
    assert desk.undo(outer.decision.pk, by=moderator(), at=AT).change == 1
    assert shown(article) == {root.pk}
    assert desk.undo(inner.decision.pk, by=moderator(), at=AT).change == 2
    assert shown(article) == {root.pk, middle.pk, leaf.pk}


def test_removed_then_removed_with_replies(article: Article):
    root = make_comment(article)
    make_comment(article, reply_to=root)
    assert act("remove", root).change == -1
    outcome = act("remove_with_replies", root)
    assert outcome.change == -1
    assert count(article) == 0
    desk.undo(outcome.decision.pk, by=moderator(), at=AT)
    assert count(article) == 1


def test_approved_below_a_hidden_comment_waits_for_it(article: Article):
    root = make_comment(article)
    reply = make_comment(article, reply_to=root, status=Status.PENDING)
    hidden = act("spam", root)
    outcome = act("approve", reply)
    assert outcome.waits_for_parent
    assert not outcome.is_visible
    assert outcome.change == 0
    assert desk.undo(hidden.decision.pk, by=moderator(), at=AT).change == 2
    assert shown(article) == {root.pk, reply.pk}


def test_approved_below_a_waiting_comment_waits_for_it(article: Article):
    root = make_comment(article)
    reply = make_comment(article, reply_to=root, status=Status.PENDING)
    approval = Decision.objects.get(comment=root)
    desk.undo(approval.pk, by=moderator(), at=AT)
    assert act("approve", reply).waits_for_parent
    assert act("approve", root).change == 2


def test_undo_restores_the_reason_in_force_before(article: Article):
    comment = make_comment(article, status=Status.PENDING)
    act("reject", comment)
    outcome = act("approve", comment)
    desk.undo(outcome.decision.pk, by=moderator(), at=AT)
    comment.refresh_from_db()
    assert (comment.status, comment.reason) == (Status.REJECTED, RejectReason.PERSONAL_ATTACK)


def test_undo_of_an_undo_decides_again(article: Article):
    comment = make_comment(article, status=Status.PENDING)
    undone = desk.undo(act("approve", comment).decision.pk, by=moderator(), at=AT)
    desk.undo(undone.decision.pk, by=moderator(), at=AT)
    assert shown(article) == {comment.pk}


def test_undo_is_refused_after_another_decision(article: Article):
    comment = make_comment(article, status=Status.PENDING)
    first = act("approve", comment)
    act("spam", comment)
    with pytest.raises(desk.StaleDecision):
        desk.undo(first.decision.pk, by=moderator(), at=AT)
    comment.refresh_from_db()
    assert comment.status == Status.SPAM


def test_undo_twice_is_refused(article: Article):
    outcome = act("approve", make_comment(article, status=Status.PENDING))
    desk.undo(outcome.decision.pk, by=moderator(), at=AT)
    with pytest.raises(desk.StaleDecision):
        desk.undo(outcome.decision.pk, by=moderator(), at=AT)


def test_deciding_on_what_does_not_exist(article: Article):
    with pytest.raises(Comment.DoesNotExist):
        desk.approve(10**12, version=1, by=moderator(), at=AT)
    with pytest.raises(Decision.DoesNotExist):
        desk.undo(10**12, by=moderator(), at=AT)


def test_bulk_decides_row_by_row_and_tells_each(article: Article):
    good, stale, other = (make_comment(article, status=Status.PENDING) for _ in range(3))
    desk.spam(stale.pk, version=1, by=moderator("cas"), at=AT)
    choices = [desk.Choice(comment.pk, 1) for comment in (good, stale, other)] + [desk.Choice(10**12, 1)]

    def approve(choice: desk.Choice) -> desk.Outcome:
        return desk.approve(choice.comment_id, version=choice.version, by=moderator(), at=AT)

    results = desk.decide_all(choices, approve)
    assert [isinstance(result, desk.Outcome) for result in results] == [True, False, True, False]
    assert isinstance(results[1], desk.Failure)
    assert isinstance(results[1].error, desk.StaleDecision)
    assert shown(article) == {good.pk, other.pk}


def test_the_button_can_name_the_replies_that_go(article: Article):
    root = make_comment(article)
    reply = make_comment(article, reply_to=root)
    make_comment(article, reply_to=reply)
    make_comment(article, reply_to=root, status=Status.PENDING)
    root.refresh_from_db()
    assert desk.visible_replies(root) == 2
    assert desk.visible_replies(reply) == 1
    assert act("remove_with_replies", root).change == -3


def test_machine_decides_without_a_person(article: Article):
    posted = posting.post(**typed(article, honeypot="x"))
    assert isinstance(posted, posting.Posted)
    decision = Decision.objects.get(comment=posted.comment_id)
    assert (decision.by, decision.from_status, decision.to_status) == (None, Status.PENDING, Status.SPAM)
    desk.undo(decision.pk, by=moderator(), at=AT + timedelta(minutes=1))
    assert Comment.objects.get(pk=posted.comment_id).status == Status.PENDING


@pytest.mark.parametrize(
    "lie",
    [
        {"visible": True},
        {"status": Status.APPROVED},
        {"hides_replies": False},
        {"hidden_ancestors": 1},
        {"depth": 1},
        {"depth": 13},
    ],
)
def test_the_database_refuses_states_that_cannot_be(article: Article, lie: dict[str, Any]):
    comment = make_comment(article, status=Status.PENDING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**lie)


def test_decide_helper_brings_comments_to_every_state(article: Article):
    comment = make_comment(article)
    for status in (Status.SPAM, Status.REJECTED, Status.REMOVED, Status.APPROVED):
        decide(comment, status)
        comment.refresh_from_db()
        assert comment.status == status
