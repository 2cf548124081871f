"""Why a comment is not shown, in words that readers may be told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RejectReason(models.TextChoices):
    """Reasons a moderator may give; readers are told in these words."""

    ADVERTISING = "advertising", _("Advertising or gambling")
    PERSONAL_ATTACK = "personal_attack", _("Personal attack")
    HATRED = "hatred", _("Hatred of a group")
    OFF_TOPIC = "off_topic", _("Off topic")
    PERSONAL_DATA = "personal_data", _("Personal data")
    UNLAWFUL = "unlawful", _("Against the law")
    OTHER = "other", _("Other")

    @classmethod
    def told(cls, reason: str) -> str:
        """Return what readers are told, in the active language; "" for no reason, or one that would tell nothing."""
        return "" if reason in ("", cls.OTHER) else str(cls(reason).label)
