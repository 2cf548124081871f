"""A reader's comment and its place in the tree."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from comments import paths
from comments.models.reason import RejectReason


class Status(models.TextChoices):
    """Where a comment stands. Written by comments.moderation.desk alone."""

    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    REMOVED = "removed", _("Removed")


class PathField(models.CharField[str, str]):
    """A path of ids. Compared byte by byte on both databases, whatever the locale: SQLite does so unasked."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Return the column's type, with PostgreSQL's own byte order as its collation."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class CommentQuerySet(models.QuerySet["Comment"]):
    """Which comments readers see, and which hang where."""

    def visible(self) -> Self:
        """Keep what readers may read."""
        return self.filter(visible=True)

    def shown_roots(self) -> Self:
        """Keep roots that stand on the page: visible ones, and hidden ones with visible replies."""
        return self.filter(Q(visible=True) | Q(visible_below__gt=0), depth=0)

    def below(self, comment: Comment) -> Self:
        """Keep what hangs below `comment`, at any depth, itself left out."""
        # depth says nothing new to us, but leads the planner to comment_branch where only visible ones are asked for.
        return self.filter(
            root_id=comment.root_id, depth__gt=0, path__gt=comment.path, path__lt=paths.after(comment.path)
        )

    def from_address(self, email: str) -> Self:
        """Keep what came under an e-mail address, letter case aside; nothing for "", which purged comments have."""
        return self.annotate(address=Lower("email")).filter(address=email.lower()) if email else self.none()

    def under_rule(self, rule: str) -> Self:
        """Keep what a rule of comments.moderation.rules objected to."""
        return self.filter(rules__contains=f",{rule},")

    def of_pattern(self, marks: Iterable[str], text_hash: str) -> Self:
        """Keep comments that share a marked word, or all words, with the one these belong to."""
        shared = [Q(marks__contains=mark) for mark in marks] + ([Q(text_hash=text_hash)] if text_hash else [])
        return self.filter(reduce(or_, shared)) if shared else self.none()

    def with_same_text(self, text_hash: str) -> Self:
        """Keep comments whose text folds to the same letters."""
        return self.filter(text_hash=text_hash)


class Comment(models.Model):
    """One comment. The text is plain: it is escaped where shown, paragraphs by blank lines.

    A root's row is the lock of its whole branch: whoever changes what of it is visible locks that row first.
    """

    thread = models.ForeignKey("comments.Thread", on_delete=models.PROTECT, related_name="comments")
    # Whom it answers. NULL: the story itself.
    reply_to = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies", db_index=False)
    # Where it hangs; differs from reply_to below the depth cap. NULL: a root.
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children", db_index=False)
    # Its root; a root's own id.
    root = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    depth = models.PositiveSmallIntegerField(default=0)
    # Ids of the ancestors and its own (comments.paths): sorts depth first, oldest first.
    path = PathField(max_length=paths.MAX_LENGTH, default="")

    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), max_length=254)
    text = models.TextField(_("comment"), max_length=5000)
    created_at = models.DateTimeField(_("time"))

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    # The reason given with the decision in force; readers see it on a tombstone.
    reason = models.CharField(_("reason"), max_length=20, choices=RejectReason, blank=True)
    # Compare-and-swap: a decision names the version the moderator saw.
    version = models.PositiveIntegerField(default=1)
    # Whether what hangs below is hidden with it. Waiting and spam: always; removed: as decided; else never.
    hides_replies = models.BooleanField(default=True)
    # How many ancestors have hides_replies.
    hidden_ancestors = models.PositiveSmallIntegerField(default=0)
    # approved and hidden_ancestors = 0, kept in step by the services.
    visible = models.BooleanField(default=False)
    # On roots: how many comments below are visible. Changed under the root's lock.
    visible_below = models.PositiveIntegerField(default=0)

    # Why the judge held it: [{"rule", "detail", "spans": [[start, end]]}], spans in code points of `text`.
    findings = models.JSONField(default=list)
    # The codes of those rules, each between commas: ",links,brand,". What the queue filters by on both databases.
    rules = models.CharField(max_length=300, default=",", blank=True)
    # Keyed hashes of the marked words as the system reads them, between blanks: comments of one pattern share one.
    marks = models.CharField(max_length=300, blank=True)
    # Keyed hash of the folded text, for the duplicate rule.
    text_hash = models.CharField(max_length=64, blank=True)
    # Keyed hashes of the client address and its network, dropped after 30 days.
    address_hash = models.CharField(max_length=64, blank=True)
    network_hash = models.CharField(max_length=64, blank=True)
    # HMAC over article, reply_to, folded name and e-mail, exact text, and the 10-minute bucket. NULL: dropped.
    idempotency_key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  (unique)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", _("Can decide on comments"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(visible=True, status="approved", hidden_ancestors=0)
                | Q(Q(visible=False), ~Q(status="approved") | Q(hidden_ancestors__gt=0)),
                name="comment_visible_means",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "spam"], hides_replies=True)
                | Q(status__in=["approved", "rejected"], hides_replies=False)
                | Q(status="removed"),
                name="comment_hides_replies_means",
            ),
            models.CheckConstraint(
                condition=Q(depth=0, parent__isnull=True, reply_to__isnull=True)
                | Q(depth__gt=0, depth__lte=paths.MAX_DEPTH, parent__isnull=False, reply_to__isnull=False),
                name="comment_depth_means",
            ),
            models.CheckConstraint(
                condition=Q(hidden_ancestors__lte=F("depth")) & (Q(depth=0) | Q(visible_below=0)),
                name="comment_counts_possible",
            ),
        ]
        indexes = [
            # A page of roots, newest first or oldest first (tree.page).
            models.Index(
                fields=["thread", "-id"],
                name="comment_roots",
                condition=Q(Q(visible=True) | Q(visible_below__gt=0), depth=0),
            ),
            # The first replies of a branch, and its further pages (tree.page, tree.branch).
            models.Index(fields=["root", "path"], name="comment_branch", condition=Q(visible=True, depth__gt=0)),
            # Everything below a comment, when a decision hides or shows it with its replies (desk).
            models.Index(fields=["root", "path"], name="comment_below"),
            # The queue: one state, oldest or newest first.
            models.Index(fields=["status", "created_at", "id"], name="comment_queue"),
            # Earlier comments of the same text (posting).
            models.Index(fields=["text_hash", "created_at"], name="comment_same_text"),
            # What else came under one address (the queue's card).
            models.Index(Lower("email"), F("id").desc(), name="comment_person"),
            # Hashes that are due to be dropped (retention).
            models.Index(fields=["created_at"], name="comment_hashed", condition=~Q(address_hash="")),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"

    @property
    def article_id(self) -> int:
        """The story it stands under; select_related("thread") where many are read."""
        return self.thread.article_id

    @property
    def public_reason(self) -> str:
        """Why readers do not see it, in the active language; "" where the reason would tell them nothing."""
        return RejectReason.told(self.reason)

    @property
    def branch_id(self) -> int:
        """The id of its root, whose row is the lock of the branch."""
        return self.root_id or self.pk

    @property
    def is_root(self) -> bool:
        """Whether it answers the story itself."""
        return self.depth == 0
