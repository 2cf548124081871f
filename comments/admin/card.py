"""The card: one comment with all a moderator needs to decide, gathered by a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.functional import cached_property

from articles.models import Publication
from comments import paths, permissions
from comments.admin import record
from comments.admin.clock import Clock, clock_for
from comments.admin.findings import Part, Why, explain, parts, readings, suggested_reason
from comments.admin.selection import COUNTED
from comments.models import Bulk, Comment, Decision, Status
from comments.moderation import bulk
from newsroom.core.models import User

# Mails wait longer than this, so that a decision taken back leaves no trace with the reader.
UNDO_WINDOW = timedelta(seconds=60)
CHAIN = 3
EARLIER = 10
UNDO_LINES = 3


@dataclass(frozen=True)
class Story:
    """What the comment is about, as readers see it where they do."""

    article_id: int
    title: str
    standfirst: str
    # "" as long as readers do not see it.
    path: str


@dataclass(frozen=True)
class UndoLine:
    """A decision this moderator may still take back without anyone having noticed."""

    decision: Decision
    seconds_left: int


@dataclass(frozen=True)
class BulkLine:
    """A bulk decision this moderator may still take back as one."""

    bulk: Bulk
    decided: int
    seconds_left: int


@dataclass
class Card:
    """One comment, its context, and who decided what. Queries run when a part is first asked for."""

    comment: Comment
    viewer: User
    at: datetime

    @cached_property
    def story(self) -> Story:
        """Return the story as published now, else the desk's copy."""
        article = self.comment.thread.article
        live = Publication.objects.live(self.at).filter(article=article).only("title", "standfirst", "path").first()
        shown = live or article
        return Story(article.pk, shown.title, shown.standfirst, live.path if live else "")

    @cached_property
    def above(self) -> list[Comment]:
        """Return all comments above this one, the root first, and last whom it answers where that is another."""
        ids = paths.ids(self.comment.path)[:-1]
        if self.comment.reply_to_id and self.comment.reply_to_id not in ids:
            ids.append(self.comment.reply_to_id)
        found = Comment.objects.filter(pk__in=ids).in_bulk() if ids else {}
        return [found[pk] for pk in ids if pk in found]

    @property
    def chain(self) -> list[Comment]:
        """Return the nearest of those above."""
        return self.above[-CHAIN:]

    @property
    def more_above(self) -> int:
        """Return how many of those above are left out."""
        return max(len(self.above) - CHAIN, 0)

    @property
    def answers(self) -> Comment | None:
        """Return whom it answers. None: the story."""
        return self.above[-1] if self.above else None

    @property
    def hiding_parent(self) -> Comment | None:
        """Return the nearest comment above that hides this one even when approved. None: it would be shown."""
        return next((above for above in reversed(self.above) if above.hides_replies), None)

    @property
    def parts(self) -> list[Part]:
        """Return the text, cut where rules pointed at it."""
        return parts(self.comment.findings, self.comment.text)

    @property
    def whys(self) -> list[Why]:
        """Return why it was held."""
        return explain(self.comment.findings)

    @property
    def readings(self) -> list[tuple[str, str]]:
        """Return the marked places as written and as the system reads them."""
        return readings(self.comment.findings, self.comment.text)

    @property
    def reason(self) -> str:
        """Return the reason to preselect."""
        return suggested_reason(self.comment.findings)

    @property
    def clock(self) -> Clock:
        """Return what is left of the time to decide."""
        return clock_for(self.comment.created_at, at=self.at)

    @cached_property
    def replies(self) -> int:
        """Return how many comments hang below, whatever their state."""
        return Comment.objects.below(self.comment).count()

    @cached_property
    def earlier(self) -> list[Comment]:
        """Return the last comments under the same address, letter case aside. The address itself proves nothing."""
        return list(
            Comment.objects.from_address(self.comment.email)
            .exclude(pk=self.comment.pk)
            .order_by("-pk")
            .only("name", "text", "status", "created_at")[:EARLIER]
        )

    @cached_property
    def outcomes(self) -> list[tuple[str, int]]:
        """Return how all others under the same address ended: (state, number), only states that occur."""
        return record.outcomes(Comment.objects.from_address(self.comment.email).exclude(pk=self.comment.pk))

    @property
    def others(self) -> int:
        """Return how many others came under the same address."""
        return sum(number for _state, number in self.outcomes)

    @cached_property
    def similar(self) -> int:
        """Return how many waiting comments share a marked word, or all words, with this one; itself left out."""
        alike = Comment.objects.filter(status=Status.PENDING).exclude(pk=self.comment.pk)
        return alike.of_pattern(self.comment.marks.split(), self.comment.text_hash)[:COUNTED].count()

    @cached_property
    def decisions(self) -> list[Decision]:
        """Return what was decided, newest first. Empty for viewers who may not know."""
        if not permissions.can_see_decisions(self.viewer):
            return []
        made = Decision.objects.filter(comment=self.comment).select_related("by", "undoes").order_by("-version")
        return list(made[:20])

    @property
    def takeable(self) -> Decision | None:
        """Return the decision in force, if it can be taken back. None: there is none, or it took one back itself."""
        last = self.decisions[0] if self.decisions else None
        return last if last and last.undoes_id is None and permissions.can_moderate(self.viewer) else None

    @property
    def is_late(self) -> bool:
        """Whether the decision in force is older than the undo window, so that reversing it needs a note."""
        return self.takeable is not None and self.takeable.at + UNDO_WINDOW < self.at


def bulk_line(user: User, *, at: datetime) -> BulkLine | None:
    """Return the bulk decision that `user` may take back within the undo window, the latest one."""
    recent = Bulk.objects.filter(by=user, at__gt=at - UNDO_WINDOW, undoes=None, undone_by=None).order_by("-pk").first()
    if recent is None:
        return None
    left = max(int((recent.at + UNDO_WINDOW - at).total_seconds()), 0)
    return BulkLine(recent, sum(1 for _row in bulk.decided(recent)), left)


def undo_lines(user: User, *, at: datetime) -> list[UndoLine]:
    """Return the latest decisions `user` may take back within the undo window, newest first."""
    recent = (
        Decision.objects.filter(
            by=user, at__gt=at - UNDO_WINDOW, undoes=None, undone_by=None, bulk=None, comment__version=F("version")
        )
        .select_related("comment")
        .defer("comment__text", "comment__findings")
        .order_by("-pk")[:UNDO_LINES]
    )
    return [UndoLine(one, max(int((one.at + UNDO_WINDOW - at).total_seconds()), 0)) for one in recent]
