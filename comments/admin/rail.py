"""The queue's rail: which comments, in which order, and where one stands among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from comments import paths
from comments.admin.clock import Clock, clock_for
from comments.models import Comment, Status

SIZE = 20
# What fits on the rail's second line.
OPENING = 90


@dataclass(frozen=True)
class Selection:
    """Comments of one state, maybe under one story only. Waiting ones by deadline, decided ones newest first."""

    state: str = Status.PENDING
    # Part of a story's title.
    query: str = ""
    # NULL: every story.
    article_id: int | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any], *, default: str = Status.PENDING) -> Selection:
        """Read a selection from a query string or a form; what makes no sense counts as not given."""
        state, article = data.get("state", ""), data.get("article", "")
        return cls(
            state if state in Status.values else default,
            data.get("q", "").replace("\0", "").strip()[:100],
            int(article) if article.isascii() and article.isdigit() and int(article) <= paths.MAX_ID else None,
        )

    @property
    def is_waiting(self) -> bool:
        """Whether these are the comments that still need a decision."""
        return self.state == Status.PENDING

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a story leaves comments out."""
        return bool(self.query) or self.article_id is not None

    @property
    def fields(self) -> dict[str, str]:
        """Return what a form or an address carries to come back to this selection."""
        given = {"state": str(self.state), "q": self.query, "article": str(self.article_id or "")}
        return {name: value for name, value in given.items() if value and (name, value) != ("state", "pending")}

    @property
    def suffix(self) -> str:
        """Return the query string with its question mark, "" for the plain queue."""
        return f"?{urlencode(self.fields)}" if self.fields else ""

    def in_state(self, state: str) -> Selection:
        """Return the same selection for another state."""
        return replace(self, state=state)

    def comments(self) -> QuerySet[Comment]:
        """Return the comments in the rail's order."""
        found = Comment.objects.filter(status=self.state)
        if self.article_id is not None:
            found = found.filter(thread__article_id=self.article_id)
        if self.query:
            found = found.filter(thread__article__title__icontains=self.query)
        return found.order_by(*(("created_at", "id") if self.is_waiting else ("-created_at", "-id")))

    def before(self, comment: Comment) -> QuerySet[Comment]:
        """Return what stands before `comment` in the rail."""
        side = "lt" if self.is_waiting else "gt"
        return self._beside(comment, side)

    def after(self, comment: Comment) -> QuerySet[Comment]:
        """Return what stands after `comment` in the rail."""
        side = "gt" if self.is_waiting else "lt"
        return self._beside(comment, side)

    def following(self, comment: Comment) -> int | None:
        """Return the id to show once `comment` is decided: the next one, else the first one left."""
        next_id = self.after(comment).values_list("pk", flat=True).first()
        return next_id or self.comments().exclude(pk=comment.pk).values_list("pk", flat=True).first()

    def _beside(self, comment: Comment, side: str) -> QuerySet[Comment]:
        moment = comment.created_at
        # The first condition alone lets the index comment_queue start at the right place.
        return self.comments().filter(
            Q(**{f"created_at__{side}e": moment}),
            Q(**{f"created_at__{side}": moment}) | Q(created_at=moment, **{f"pk__{side}": comment.pk}),
        )


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
