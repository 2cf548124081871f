"""The conversation under one story."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Thread(models.Model):
    """The conversation under one story and how it is kept. Made by the first comment or the first setting."""

    class Mode(models.TextChoices):
        OPEN = "open", _("Open")
        CONFIRMED = "confirmed", _("Confirmed addresses only")
        PREMODERATED = "premoderated", _("Moderated before publication")
        CLOSED = "closed", _("Closed")

    article = models.OneToOneField(
        "articles.Article", verbose_name=_("article"), on_delete=models.PROTECT, related_name="thread"
    )
    mode = models.CharField(_("mode"), max_length=14, choices=Mode, default=Mode.PREMODERATED)
    # NULL: stays open.
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    # Changed in the transaction that flips comments' `visible`, by the number of rows that really flipped.
    visible_count = models.PositiveIntegerField(_("comments shown"), default=0, editable=False)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")

    def __str__(self) -> str:
        return str(self.article)

    def is_open(self, at: datetime) -> bool:
        """Say whether comments are taken at `at`."""
        return self.mode != self.Mode.CLOSED and (self.closes_at is None or at < self.closes_at)
