"""Every state the working copy ever had."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """One save that changed something: all fields and relations of the article as JSON."""

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    # NULL: saved by the machine (an import).
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("time"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    # Which shape the payload has; older ones are lifted when read.
    schema = models.PositiveSmallIntegerField()
    payload = models.JSONField()
    # NULL: nobody asked for it to be purged. Purging takes two people: one asks, another does it.
    purge_requested_at = models.DateTimeField(_("purge requested"), null=True, blank=True)
    purge_requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("purge requested by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # NULL: not purged. A purged revision keeps number, author, time and ground, and no payload.
    purged_at = models.DateTimeField(_("purged"), null=True, blank=True)
    purge_ground = models.CharField(_("ground for purging"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        permissions = [("purge_revision", "Can purge revisions")]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"
