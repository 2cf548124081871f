"""A reader's comment and its place in the tree."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a comment stands. Written by comments.moderation.desk alone, after posting."""

    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    SPAM = "spam", _("Spam")
    REMOVED = "removed", _("Removed")


class Comment(models.Model):
    """One comment. The text is plain: it is escaped where shown, paragraphs by blank lines."""

    thread = models.ForeignKey(
        "comments.Thread", on_delete=models.PROTECT, related_name="comments"
    )
    # Whom it answers. NULL: the story itself.
    reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replies"
    )
    # Where it hangs; differs from reply_to below the depth cap. NULL: a root.
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="children"
    )
    # Its root; a root's own id. NULL only between insert and the update that follows in the same transaction.
    root = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )
    depth = models.PositiveSmallIntegerField(default=0)
    # Ids of the ancestors and its own, base 36 at fixed width, no separators: sorts depth first, oldest first.
    path = models.CharField(max_length=130, default="")

    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), max_length=254)
    text = models.TextField(_("comment"), max_length=5000)
    created_at = models.DateTimeField(_("time"))

    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.PENDING
    )
    # Compare-and-swap: a decision names the version the moderator saw.
    version = models.PositiveIntegerField(default=1)
    # How many ancestors are hidden together with their replies.
    hidden_ancestors = models.PositiveSmallIntegerField(default=0)
    # approved and hidden_ancestors = 0, kept in step by the services.
    visible = models.BooleanField(default=False)

    # Why the judge held it: [{"rule", "detail", "spans": [[start, end]]}], spans in code points of `text`.
    findings = models.JSONField(default=list)
    # Keyed hashes of the client address and its network, dropped after 30 days.
    address_hash = models.CharField(max_length=64, blank=True)
    network_hash = models.CharField(max_length=64, blank=True)
    # HMAC over article, reply_to, folded name and e-mail, exact text, and the 10-minute bucket.
    idempotency_key = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"
