"""What moderators decided, and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Status


class RejectReason(models.TextChoices):
    """Reasons a moderator may give; readers are told in these words."""

    ADVERTISING = "advertising", _("Advertising or gambling")
    PERSONAL_ATTACK = "personal_attack", _("Personal attack")
    HATRED = "hatred", _("Hatred of a group")
    OFF_TOPIC = "off_topic", _("Off topic")
    PERSONAL_DATA = "personal_data", _("Personal data")
    UNLAWFUL = "unlawful", _("Against the law")
    OTHER = "other", _("Other")


class Decision(models.Model):
    """One decision on one comment; its inverse undoes it."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.PROTECT, related_name="decisions"
    )
    # NULL: the machine decided (a banned word).
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("time"))
    from_status = models.CharField(max_length=10, choices=Status)
    to_status = models.CharField(max_length=10, choices=Status)
    reason = models.CharField(
        _("reason"), max_length=20, choices=RejectReason, blank=True
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    with_replies = models.BooleanField(default=False)
    # The version of the comment after this decision; undo needs it unchanged.
    version = models.PositiveIntegerField()
    # NULL: not an undo.
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
