"""Requests for the right of reply, as people send them to the desk."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.notice import Notice


class ReplyRequestQuerySet(models.QuerySet["ReplyRequest"]):
    """Requests by what is still to be done with them."""

    def waiting(self) -> Self:
        """Keep those nobody has decided."""
        return self.filter(state=ReplyRequest.State.WAITING)

    def unpublished(self) -> Self:
        """Keep the accepted ones that no standing publication brought to readers, or whose notice was taken back."""
        brought = Notice.objects.of_standing_carriers().filter(request__isnull=False, taken_back_at__isnull=True)
        return self.filter(state=ReplyRequest.State.ACCEPTED).exclude(pk__in=brought.values("request"))


class ReplyRequest(models.Model):
    """Somebody named in a story asks to answer it. Personal data: seen by who may decide, blanked when its time is up.

    The answer is due 48 hours after it came: the press council's regulation on the right of reply asks for "the first
    opportunity", and two days of 24 hours are the cyber media guideline's measure for what readers report (clause 3).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")

    class Ground(models.TextChoices):
        """Why a right of reply may be refused: press council regulation 9/2008 on the right of reply."""

        NOT_CONCERNED = "not_concerned", _("The sender is not the party the story is about")
        TOO_LONG = "too_long", _("Longer than the passage it answers, and not shortened when asked")
        UNRELATED = "unrelated", _("Facts that have nothing to do with the story")
        UNLAWFUL = "unlawful", _("Publishing it would break the law")
        THIRD_PARTY = "third_party", _("It would harm the interests of others that the law protects")
        ANSWERED = "answered", _("The same reply was published already")

    article = models.ForeignKey(
        "articles.Article", verbose_name=_("story"), on_delete=models.PROTECT, related_name="reply_requests"
    )
    # What readers saw when it was written.
    publication = models.ForeignKey("articles.Publication", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), max_length=254)
    # In what capacity: the person named, a spokesperson, a lawyer.
    capacity = models.CharField(_("in what capacity"), max_length=200)
    passage = models.TextField(_("passage"), max_length=1000)
    text = models.TextField(_("reply"), max_length=5000)
    received_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("answer due"))
    # Filled the field that people do not see, or came from no page of ours: read last, and answered by nobody.
    is_doubtful = models.BooleanField(_("doubtful"), default=False)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    # NULL: not decided.
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ground = models.CharField(_("ground"), max_length=16, choices=Ground, blank=True)
    # What the sender is told.
    answer = models.TextField(_("answer to the sender"), max_length=1000, blank=True)

    # Knows a repeat of the same request; NULL once its time is up.
    idempotency_key = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    # Keyed hash of the client address, for limits; blanked after 30 days.
    address_hash = models.CharField(max_length=64, blank=True, editable=False)
    # NULL: the personal data are still here.
    forgotten_at = models.DateTimeField(_("personal data deleted"), null=True, blank=True)

    objects = ReplyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("right of reply")
        verbose_name_plural = _("rights of reply")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(decided_at__isnull=False)),
                name="reply_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | (~models.Q(ground="") & ~models.Q(answer="")),
                name="reply_refused_with_reason",
            ),
        ]
        indexes = [
            # The desk's list: what waits, the most pressing first.
            models.Index(fields=["state", "due_at"], name="reply_due"),
            # Deleting personal data and hashes by age.
            models.Index(fields=["received_at"], name="reply_age"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.pk}"
