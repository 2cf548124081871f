"""Decisions on comments: the only writer of their status.

Every decision names the version of the comment that the moderator saw, leaves a Decision and an audit entry, and can be
undone. Lock order: the root of the branch, then the thread. With the root locked nothing else changes what is visible
in its branch, so the rows that flip can be counted by the updates that flip them. The thread is counted last: all who
post below one story wait for its row, until the disk has the commit of who holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from comments.models import Bulk, Comment, Decision, RejectReason, Status, Thread
from newsroom.core import audit, surfaces
from newsroom.core.models import User


class DeskError(Exception):
    """A decision that could not be taken."""


class StaleDecision(DeskError):
    """The comment is no longer what the moderator saw."""

    def __init__(self, comment: Comment, decision: Decision | None) -> None:
        super().__init__(f"Comment {comment.pk} stands at version {comment.version}.")
        self.comment = comment
        # The decision in force, with `by` loaded. None: the comment changed without one.
        self.decision = decision


class NoSuchDecision(DeskError):
    """What was asked for makes no sense for a comment in this state."""


@dataclass(frozen=True)
class Outcome:
    """What a decision did."""

    decision: Decision
    article_id: int
    status: str
    # The version the next decision must name.
    version: int
    is_visible: bool
    # Approved, but hidden until a comment above it is shown: "menunggu induknya".
    waits_for_parent: bool
    # By how many comments the thread grew or, negative, shrank.
    change: int


@dataclass(frozen=True)
class Failure:
    """Why one row of a bulk decision failed."""

    comment_id: int
    error: DeskError | Comment.DoesNotExist


@dataclass(frozen=True)
class Choice:
    """One row of a bulk decision: a comment, as the moderator saw it."""

    comment_id: int
    version: int


@dataclass(frozen=True)
class Order:
    """A decision as it was asked for."""

    action: str
    to_status: Status
    hides_replies: bool
    reason: str = ""
    note: str = ""
    undoes: Decision | None = None
    bulk: Bulk | None = None


@dataclass(frozen=True)
class Move:
    """What a decision does to a comment, and to the counts of what readers see."""

    from_status: str
    hid_replies: bool
    # 1: the comment itself comes into sight, -1: it goes.
    own: int
    # The same of what hangs below.
    below: int = 0

    @property
    def change(self) -> int:
        """By how many comments the thread grows or, negative, shrinks."""
        return self.own + self.below


def approve(
    comment_id: int, *, version: int, note: str = "", by: User, at: datetime, bulk: Bulk | None = None
) -> Outcome:
    """Show a comment. Below a hidden or waiting one it shows when that one does (Outcome.waits_for_parent)."""
    return _decide(comment_id, version, Order("approve", Status.APPROVED, False, note=note, bulk=bulk), by=by, at=at)


def reject(
    comment_id: int,
    *,
    version: int,
    reason: str,
    note: str = "",
    by: User,
    at: datetime,
    bulk: Bulk | None = None,
) -> Outcome:
    """Refuse a comment for a reason readers may be told. Replies that are shown stay, below a tombstone."""
    order = Order("reject", Status.REJECTED, False, RejectReason(reason), note, bulk=bulk)
    return _decide(comment_id, version, order, by=by, at=at)


def spam(comment_id: int, *, version: int, note: str = "", by: User, at: datetime, bulk: Bulk | None = None) -> Outcome:
    """File a comment as spam. Its replies go with it."""
    return _decide(comment_id, version, Order("spam", Status.SPAM, True, note=note, bulk=bulk), by=by, at=at)


def remove(
    comment_id: int,
    *,
    version: int,
    reason: str,
    note: str = "",
    by: User,
    at: datetime,
    bulk: Bulk | None = None,
) -> Outcome:
    """Take a comment down. Replies that are shown stay, below a tombstone."""
    order = Order("remove", Status.REMOVED, False, RejectReason(reason), note, bulk=bulk)
    return _decide(comment_id, version, order, by=by, at=at)


def remove_with_replies(
    comment_id: int, *, version: int, reason: str, note: str = "", by: User, at: datetime
) -> Outcome:
    """Take a comment down with everything below it."""
    order = Order("remove_with_replies", Status.REMOVED, True, RejectReason(reason), note)
    return _decide(comment_id, version, order, by=by, at=at)


def decide_all(choices: Iterable[Choice], decide: Callable[[Choice], Outcome]) -> list[Outcome | Failure]:
    """Decide on many comments, each in a transaction of its own; return a result for each, in order.

    `decide` calls one of the decisions above for a choice. What fails is told and stops nothing.
    """
    results: list[Outcome | Failure] = []
    for choice in choices:
        try:
            results.append(decide(choice))
        except (DeskError, Comment.DoesNotExist) as error:
            results.append(Failure(choice.comment_id, error))
    return results


def settle(comment: Comment, *, status: Status, at: datetime) -> Outcome:
    """Store a comment as the machine decides on it: spam by a banned word, approved in an open thread.

    Call it in a transaction that has locked the comment's branch. What is stored has been decided on already: nobody
    could see it before.
    """
    action = {Status.SPAM: "spam", Status.APPROVED: "approve"}[status]
    order = Order(action, status, hides_replies=status == Status.SPAM)
    # No savepoint: two more statements, and who posts undoes nothing by halves.
    with transaction.atomic(savepoint=False):
        move = _bring(comment, order)
        comment.save(force_insert=True)
        return _record(comment, order, move, by=None, at=at)


def undo(decision_id: int, *, note: str = "", by: User, at: datetime, bulk: Bulk | None = None) -> Outcome:
    """Take back a decision that is still in force: the comment and its replies stand as before.

    Raises StaleDecision when something was decided since, and by undoing the same decision twice.
    """
    decision = Decision.objects.get(pk=decision_id)
    before = Decision.objects.filter(comment_id=decision.comment_id, version=decision.version - 1).first()
    order = Order(
        "undo",
        Status(decision.from_status),
        decision.from_with_replies,
        before.reason if before else "",
        note,
        undoes=decision,
        bulk=bulk,
    )
    return _decide(decision.comment_id, decision.version, order, by=by, at=at)


def _decide(comment_id: int, version: int, order: Order, *, by: User | None, at: datetime) -> Outcome:
    """Take one decision in one transaction."""
    with transaction.atomic():
        comment = _lock(comment_id)
        if comment.version != version:
            raise StaleDecision(comment, in_force(comment))
        before = (comment.status, comment.hides_replies)
        if before == (order.to_status, order.hides_replies) and not order.undoes:
            raise NoSuchDecision(f"Comment {comment_id} is {comment.status} already.")
        return _carry_out(comment, order, by=by, at=at)


def _carry_out(comment: Comment, order: Order, *, by: User | None, at: datetime) -> Outcome:
    """Do and record what was decided on a comment whose branch is locked."""
    move = _bring(comment, order)
    comment.save(update_fields=["status", "hides_replies", "reason", "visible", "version"])
    move = replace(move, below=_shift(comment, order.hides_replies - move.hid_replies))
    if not move.change and _stands_as_tombstone(comment):
        surfaces.bump(surfaces.thread(comment.article_id))
    return _record(comment, order, move, by=by, at=at)


def _bring(comment: Comment, order: Order) -> Move:
    """Bring a comment into the state that was ordered; it is still to be saved."""
    before = (comment.status, comment.hides_replies, comment.visible)
    comment.status, comment.hides_replies, comment.reason = order.to_status, order.hides_replies, order.reason
    comment.visible = order.to_status == Status.APPROVED and comment.hidden_ancestors == 0
    comment.version += 1
    status, hid_replies, was_visible = before
    return Move(status, hid_replies, own=comment.visible - was_visible)


def _record(comment: Comment, order: Order, move: Move, *, by: User | None, at: datetime) -> Outcome:
    """Write down a decision that was carried out, tell the page cache, and bring the counts into step."""
    decision = Decision.objects.create(
        comment=comment,
        by=by,
        at=at,
        from_status=move.from_status,
        from_with_replies=move.hid_replies,
        to_status=order.to_status,
        with_replies=order.hides_replies,
        reason=order.reason,
        note=order.note,
        version=comment.version,
        undoes=order.undoes,
        bulk=order.bulk,
    )
    audit.record(
        f"comment.{order.action}",
        comment,
        by=by,
        at=at,
        **{"from": move.from_status},
        to=order.to_status,
        reason=order.reason,
        change=move.change,
    )
    if move.change:
        surfaces.bump(surfaces.thread(comment.article_id))
    _count(comment, move)
    return Outcome(
        decision=decision,
        article_id=comment.article_id,
        status=order.to_status,
        version=comment.version,
        is_visible=comment.visible,
        waits_for_parent=order.to_status == Status.APPROVED and not comment.visible,
        change=move.change,
    )


def _count(comment: Comment, move: Move) -> None:
    """Bring the counts of the branch and of the thread into step, the thread's last."""
    in_branch = move.below if comment.is_root else move.change
    if in_branch:
        Comment.objects.filter(pk=comment.branch_id).update(visible_below=F("visible_below") + in_branch)
    if move.change:
        Thread.objects.filter(pk=comment.thread_id).update(visible_count=F("visible_count") + move.change)


def _lock(comment_id: int) -> Comment:
    """Lock the comment's branch and return the comment as it is then. Raises Comment.DoesNotExist."""
    lock_roots([Comment.objects.only("root_id").get(pk=comment_id).branch_id])
    return Comment.objects.select_related("thread").get(pk=comment_id)


def lock_roots(root_ids: Iterable[int]) -> None:
    """Lock whole branches until the transaction ends, by id so that two writers never wait for each other."""
    roots = Comment.objects.filter(pk__in=root_ids).order_by("pk")
    list(roots.select_for_update(no_key=True).values_list("pk"))


def in_force(comment: Comment) -> Decision | None:
    """Return the decision in force on a comment, with who took it."""
    return Decision.objects.select_related("by").filter(comment=comment).order_by("-version").first()


def _shift(comment: Comment, step: int) -> int:
    """Add `step` (-1, 0, 1) to hidden_ancestors of all below; return by how many the visible ones changed.

    Two updates each, in the order in which neither meets the rows of the other, and which never breaks the constraint
    that ties `visible` to the count.
    """
    below, shifted = Comment.objects.below(comment), F("hidden_ancestors") + step
    if step == 0:
        return 0
    if step > 0:
        below.filter(visible=False).update(hidden_ancestors=shifted)
        return -below.filter(visible=True).update(hidden_ancestors=shifted, visible=False)
    shown = below.filter(status=Status.APPROVED, hidden_ancestors=1).update(hidden_ancestors=shifted, visible=True)
    below.filter(visible=False).update(hidden_ancestors=shifted)
    return shown


def visible_replies(comment: Comment) -> int:
    """Return how many replies readers would lose if the comment went with them."""
    return comment.visible_below if comment.is_root else Comment.objects.below(comment).visible().count()


def _stands_as_tombstone(comment: Comment) -> bool:
    """Say whether readers see a tombstone in the comment's place."""
    return not comment.visible and Comment.objects.below(comment).visible().exists()
