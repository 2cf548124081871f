"""One decision on many comments, with a result for each and one undo for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from comments.models import Bulk, Comment, Decision, Thread
from comments.moderation import desk
from comments.moderation.desk import Choice, DeskError, Failure, NoSuchDecision, Outcome, StaleDecision
from newsroom.core import audit
from newsroom.core.models import User

# How many comments one press may decide.
MOST = 500
# So many rows share a transaction: one write to the disk, and no lock that readers' posts wait for longer than moments.
CHUNK = 25

Act = Callable[[Choice, Bulk], Outcome]


class TooMany(DeskError):
    """More rows than one press may decide."""


class AlreadyUndone(DeskError):
    """The bulk decision was taken back before."""


def decide(
    choices: Sequence[Choice],
    act: Act,
    *,
    verdict: str,
    reason: str = "",
    note: str = "",
    origin: str = "",
    by: User,
    at: datetime,
) -> Bulk:
    """Carry out `act`, which calls one decision of comments.moderation.desk, for every choice; keep what came of each.

    What fails is written down and stops nothing. A comment named twice counts once. Raises TooMany.
    """
    rows = list({choice.comment_id: choice for choice in choices}.values())
    if len(rows) > MOST:
        raise TooMany(str(len(rows)))
    bulk = Bulk.objects.create(by=by, at=at, verdict=verdict, reason=reason, note=note, origin=origin)
    return _carry_out(bulk, rows, lambda choice: act(choice, bulk), by=by, at=at)


def undo(bulk_id: int, *, note: str = "", by: User, at: datetime) -> Bulk:
    """Take back what a bulk decision did, wherever nothing was decided since. Raises AlreadyUndone.

    The unique key of `undoes` lets one of two presses through.
    """
    origin = Bulk.objects.values_list("origin", flat=True).get(pk=bulk_id)
    try:
        with transaction.atomic():
            bulk = Bulk.objects.create(by=by, at=at, verdict="undo", note=note, origin=origin, undoes_id=bulk_id)
    except IntegrityError:
        raise AlreadyUndone(str(bulk_id)) from None
    made = {row.comment_id: row for row in Decision.objects.filter(bulk_id=bulk_id).order_by("-pk")}
    choices = [Choice(row.comment_id, row.version) for row in made.values()]

    def back(choice: Choice) -> Outcome:
        return desk.undo(made[choice.comment_id].pk, note=note, by=by, at=at, bulk=bulk)

    return _carry_out(bulk, choices, back, by=by, at=at)


def _carry_out(
    bulk: Bulk, choices: Sequence[Choice], decide: Callable[[Choice], Outcome], *, by: User, at: datetime
) -> Bulk:
    """Decide in chunks, each in one transaction; the results are kept with each, so that a kill loses none of them."""
    for start in range(0, len(choices), CHUNK):
        chunk = choices[start : start + CHUNK]
        with transaction.atomic():
            _lock(chunk)
            outcomes = desk.decide_all(chunk, decide)
            bulk.results += [_result(choice, outcome) for choice, outcome in zip(chunk, outcomes, strict=True)]
            bulk.save(update_fields=["results"])
            if start + CHUNK >= len(choices):
                done = sum(result["decision"] is not None for result in bulk.results)
                audit.record(f"bulk.{bulk.verdict}", bulk, by=by, at=at, rows=len(choices), decided=done)
    return bulk


def _lock(choices: Sequence[Choice]) -> None:
    """Lock all branches of a chunk, then all threads, each by id: the order in which every other writer locks."""
    found = Comment.objects.filter(pk__in=[choice.comment_id for choice in choices])
    rows = list(found.values_list("root_id", "thread_id"))
    desk.lock_roots({root for root, _thread in rows if root})
    threads = Thread.objects.filter(pk__in={thread for _root, thread in rows}).order_by("pk")
    list(threads.select_for_update(no_key=True).values_list("pk"))


def _result(choice: Choice, outcome: Outcome | Failure) -> dict[str, Any]:
    """Return what came of one row, in ids and codes."""
    if isinstance(outcome, Outcome):
        code = "waits" if outcome.waits_for_parent else "decided"
        return _row(choice, code, outcome.status, outcome.decision.pk)
    error = outcome.error
    if isinstance(error, StaleDecision):
        made = error.decision
        by = made.by_id if made else None
        return _row(choice, "stale" if made else "changed", error.comment.status) | {"by": by}
    return _row(choice, "impossible" if isinstance(error, NoSuchDecision) else "gone")


def _row(choice: Choice, code: str, status: str = "", decision: int | None = None) -> dict[str, Any]:
    return {"comment": choice.comment_id, "outcome": code, "status": str(status), "decision": decision, "by": None}


def decided(bulk: Bulk) -> Iterator[dict[str, Any]]:
    """Yield the results of the rows that were decided."""
    return (row for row in bulk.results if row["decision"] is not None)
