"""What moderators decided, and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Status
from comments.models.reason import RejectReason


class Decision(models.Model):
    """One decision on one comment; its inverse undoes it."""

    comment = models.ForeignKey("comments.Comment", on_delete=models.PROTECT, related_name="decisions", db_index=False)
    # NULL: the machine decided (a banned word, an open thread).
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("time"))
    from_status = models.CharField(_("before"), max_length=10, choices=Status)
    to_status = models.CharField(_("decided"), max_length=10, choices=Status)
    reason = models.CharField(_("reason"), max_length=20, choices=RejectReason, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    # Whether the comment hid its replies before, and after.
    from_with_replies = models.BooleanField(default=False)
    with_replies = models.BooleanField(default=False)
    # The version of the comment after this decision; undo needs it unchanged.
    version = models.PositiveIntegerField()
    # NULL: decided by itself.
    bulk = models.ForeignKey("comments.Bulk", null=True, on_delete=models.PROTECT, related_name="decisions")
    # NULL: not an undo.
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            # Also the query for the decision in force: one comment, highest version.
            models.UniqueConstraint(fields=["comment", "version"], name="decision_once_a_version"),
        ]
        indexes = [
            # A moderator's latest decisions, each with its undo.
            models.Index(fields=["by", "-id"], name="decision_by"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.from_status} > {self.to_status}"
