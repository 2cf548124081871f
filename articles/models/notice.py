"""What the newsroom says about a story it published: erratum, correction, clarification, right of reply."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from articles.models.publication import Publication


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Which notices readers may see: those that a live publication of their story carries."""

    def of_standing_carriers(self) -> Self:
        """Keep those whose publication was not taken back before it came."""
        return self.filter(carrier__in=Publication.objects.standing())

    def public(self, at: datetime) -> Self:
        """Keep what stands on a live story at `at`, whichever of its publications brought it."""
        carrying = Publication.objects.live(at).filter(
            article=OuterRef("article"), visible_from__gte=OuterRef("carrier__visible_from")
        )
        return self.of_standing_carriers().filter(Exists(carrying))

    def newest_first(self) -> Self:
        """Put them in the order in which readers got them, the newest first."""
        return self.order_by("-carrier__visible_from", "-pk")


class Notice(models.Model):
    """One notice. It becomes public with the publication that carries it and stays with the story from then on.

    It has no time of its own: `carrier.visible_from` is when readers got it. What it says never changes; only a plan
    that is moved to another moment takes its notice along to the row that follows it. One that was wrong itself is
    taken back: it stays where it stands, marked so, with the reason.
    """

    class Kind(models.TextChoices):
        """What the cyber media guideline calls them (clause 4): ralat, koreksi, klarifikasi, hak jawab."""

        ERRATUM = "erratum", _("Erratum")
        CORRECTION = "correction", _("Correction")
        CLARIFICATION = "clarification", _("Clarification")
        REPLY = "reply", _("Right of reply")

    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    text = models.TextField(_("text"), max_length=5000)
    # Which part of the story it is about: "paragraph 3", "the caption".
    place = models.CharField(_("passage"), max_length=200, blank=True)
    # A grave one stands above the text as well.
    is_grave = models.BooleanField(_("grave"), default=False)
    # Whether it moves the time of the update (docs/decisions/what-is-substantive.md).
    is_substantive = models.BooleanField(_("changes the substance"), default=True)
    # What readers saw when the newsroom found the error.
    corrected = models.ForeignKey(
        Publication, verbose_name=_("corrected publication"), on_delete=models.PROTECT, related_name="notices_about"
    )
    # What brings it to readers; voided: it never came.
    carrier = models.ForeignKey(
        Publication, verbose_name=_("carried by"), on_delete=models.PROTECT, related_name="notices_brought"
    )
    # NULL: nobody wrote to the desk for it.
    request = models.ForeignKey(
        "articles.ReplyRequest",
        verbose_name=_("request"),
        null=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    # NULL: the reply stands in this notice and has no story of its own.
    reply_article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("the reply's own story"),
        null=True,
        on_delete=models.PROTECT,
        related_name="replied_from",
    )
    # NULL: written by the machine (an import).
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("written"))
    # NULL: it holds.
    taken_back_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    # What readers are told.
    taken_back_reason = models.TextField(
        _("why it was taken back"), max_length=1000, blank=True, db_default="", editable=False
    )
    # NULL: it holds, or the machine did it.
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taken back by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_substantive=True) | models.Q(kind="erratum"), name="notice_substance"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="reply") | models.Q(request__isnull=True, reply_article__isnull=True),
                name="notice_reply_facts",
            ),
            models.CheckConstraint(
                condition=models.Q(reply_article__isnull=True) | ~models.Q(reply_article=F("article")),
                name="notice_reply_elsewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True, taken_back_reason="", taken_back_by__isnull=True)
                | models.Q(taken_back_at__isnull=False) & ~models.Q(taken_back_reason=""),
                name="notice_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.kind} {self.pk}"

    def as_shown(self) -> dict[str, Any]:
        """Return what a publication's projection keeps of it, in the order of `Publication.notices`.

        Of one that was taken back also when ("taken_back_at") and why ("taken_back_reason"), and no reply's own story:
        that no longer answers this one.
        """
        shown = {
            "id": self.pk,
            "kind": self.kind,
            "text": self.text,
            "place": self.place,
            "is_grave": self.is_grave,
            "at": self.carrier.visible_from.isoformat(),
            "reply_article": self.reply_article_id,
        }
        if self.taken_back_at:
            shown |= {
                "reply_article": None,
                "taken_back_at": self.taken_back_at.isoformat(),
                "taken_back_reason": self.taken_back_reason,
            }
        return shown
