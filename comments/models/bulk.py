"""One decision on many comments at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.reason import RejectReason


class Bulk(models.Model):
    """What was decided together, row by row, so that it can be looked up and taken back as one."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(_("time"))
    # A verdict of the card's buttons; "undo" where it takes another one back.
    verdict = models.CharField(max_length=10)
    reason = models.CharField(_("reason"), max_length=20, choices=RejectReason, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    # One for each comment, in the order of the list: {"comment", "outcome", "status", "decision", "by"}; ids and codes.
    results = models.JSONField(default=list)
    # Query string of the list it was taken from, to go back there.
    origin = models.CharField(max_length=500, blank=True)
    # NULL: takes nothing back.
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        verbose_name = _("bulk decision")
        verbose_name_plural = _("bulk decisions")
        indexes = [
            # A moderator's latest, each with its undo.
            models.Index(fields=["by", "-id"], name="bulk_by"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {len(self.results)}"
