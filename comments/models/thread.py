"""The conversation under one story."""

from __future__ import annotations

from datetime import datetime, timedelta

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
    # NULL: closes by the age that is set for all stories, or never.
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    # Whether the age set for all stories does not close it.
    ignores_age = models.BooleanField(_("stays open whatever its age"), default=False)
    # Changed in the transaction that flips comments' `visible`, by the number of rows that really flipped.
    visible_count = models.PositiveIntegerField(_("comments shown"), default=0, editable=False)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")

    def __str__(self) -> str:
        return str(self.article)

    def closing(self, first_published_at: datetime | None, days: int | None) -> datetime | None:
        """Return when it closes by itself: at the moment set for it, else `days` after the story first came out.

        None: never. It is computed wherever it is asked, so that no task has to run for it to be true.
        """
        if self.closes_at is not None or self.ignores_age or first_published_at is None or days is None:
            return self.closes_at
        return first_published_at + timedelta(days=days)

    def is_open(self, at: datetime, closing: datetime | None) -> bool:
        """Say whether comments are taken at `at`."""
        return self.mode != self.Mode.CLOSED and (closing is None or at < closing)
