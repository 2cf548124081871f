"""The queue's rail: a stretch of a selection, and where one comment stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Left

from comments.admin.clock import Clock, clock_for
from comments.admin.selection import Selection
from comments.models import Comment

SIZE = 20
# What fits on the rail's second line.
OPENING = 90


@dataclass(frozen=True)
class Row:
    """One line of the rail."""

    pk: int
    name: str
    opening: str
    created_at: datetime
    clock: Clock
    is_current: bool


@dataclass(frozen=True)
class Rail:
    """The stretch of a selection in which the current comment stands."""

    rows: list[Row]
    total: int
    # Counted from 1. NULL: the comment is not in the selection.
    position: int | None
    # Ids of the neighbours, beyond the stretch too. NULL: there is none.
    previous: int | None
    following: int | None
    # First ids of the stretches before and after. NULL: there is none.
    earlier: int | None
    later: int | None


def rail_for(selection: Selection, comment: Comment | None, *, at: datetime) -> Rail:
    """Return the rail around `comment`, in three queries whatever the length of the queue."""
    total = selection.comments().count()
    is_listed = comment is not None and comment.status == selection.state
    index = selection.before(comment).count() if comment and is_listed else 0
    start = index - index % SIZE
    first = max(start - SIZE, 0)
    found = list(
        selection.comments().values("pk", "name", "created_at", opening=Left("text", OPENING))[first : start + SIZE + 1]
    )
    own = start - first
    # A search may leave the comment out although its state fits.
    is_listed = bool(comment and is_listed and index < total and found[index - first]["pk"] == comment.pk)
    ids = [row["pk"] for row in found]
    here = index - first
    return Rail(
        rows=[_row(row, comment, at) for row in found[own : own + SIZE]],
        total=total,
        position=index + 1 if is_listed else None,
        previous=ids[here - 1] if is_listed and here else None,
        following=(ids[here + 1] if here + 1 < len(ids) else None) if is_listed else next(iter(ids), None),
        earlier=ids[0] if own else None,
        later=ids[own + SIZE] if len(ids) > own + SIZE else None,
    )


def _row(row: Mapping[str, Any], comment: Comment | None, at: datetime) -> Row:
    return Row(
        row["pk"],
        row["name"],
        row["opening"],
        row["created_at"],
        clock_for(row["created_at"], at=at),
        comment is not None and row["pk"] == comment.pk,
    )
