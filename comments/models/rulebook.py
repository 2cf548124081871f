"""The limits that the rules of moderation go by: one record, set by the desk."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# The one row there is.
PK = 1


class RuleBook(models.Model):
    """What the rules ask of a comment. An instance made without arguments holds the defaults."""

    links_allowed = models.PositiveSmallIntegerField(
        _("links without a moderator"), default=0, validators=[MaxValueValidator(20)]
    )
    min_seconds = models.PositiveSmallIntegerField(
        _("shortest time to write, seconds"), default=3, validators=[MaxValueValidator(60)]
    )
    address_limit = models.PositiveSmallIntegerField(
        _("comments in ten minutes, one address"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    network_limit = models.PositiveSmallIntegerField(
        _("comments in ten minutes, one network"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
    )
    # 0: repetitions are not looked for.
    twin_days = models.PositiveSmallIntegerField(
        _("days in which the same words count as repeated"), default=30, validators=[MaxValueValidator(365)]
    )
    longest_unread = models.PositiveSmallIntegerField(
        _("characters without a moderator"),
        default=5000,
        validators=[MinValueValidator(100), MaxValueValidator(5000)],
    )
    holds_first_time = models.BooleanField(_("hold the first comment of an address"), default=False)
    holds_brands = models.BooleanField(_("hold names with lucky numbers"), default=True)
    holds_disguise = models.BooleanField(_("hold disguised letters"), default=True)
    # NULL: conversations stay open until somebody closes them.
    close_after_days = models.PositiveSmallIntegerField(
        _("close conversations after days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )
    # Compare-and-swap: a change names the version its author saw.
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("rules and limits")
        verbose_name_plural = _("rules and limits")
        constraints = [
            models.CheckConstraint(condition=Q(pk=PK), name="rulebook_is_one"),
            models.CheckConstraint(
                condition=Q(
                    links_allowed__lte=20,
                    min_seconds__lte=60,
                    address_limit__range=(1, 1000),
                    network_limit__range=(1, 10_000),
                    twin_days__lte=365,
                    longest_unread__range=(100, 5000),
                ),
                name="rulebook_limits_possible",
            ),
            models.CheckConstraint(
                condition=Q(close_after_days__isnull=True) | Q(close_after_days__range=(1, 3650)),
                name="rulebook_days_possible",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Rules and limits"))
