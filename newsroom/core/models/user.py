"""Staff accounts. Readers have none."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of the newsroom who may log in to the desk."""

    class Zone(models.TextChoices):
        """Time zones of the desk: Indonesia's three, and UTC for those abroad."""

        WIB = "Asia/Jakarta", _("Western Indonesia (WIB)")
        WITA = "Asia/Makassar", _("Central Indonesia (WITA)")
        WIT = "Asia/Jayapura", _("Eastern Indonesia (WIT)")
        UTC = "UTC", _("Universal time (UTC)")

    language = models.CharField(_("language of the desk"), max_length=5, choices=settings.LANGUAGES, default="id")
    zone = models.CharField(_("time zone"), max_length=40, choices=Zone, default=Zone.WIB)

    class Meta:
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")
        constraints = [
            # Two accounts whose names differ by case alone are one to whoever reads them, and to a telephone that
            # begins every word with a capital.
            models.UniqueConstraint(Lower("username"), name="user_name_whatever_its_case")
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

    @property
    def zone_info(self) -> ZoneInfo:
        """Return the account's time zone."""
        return ZoneInfo(self.zone)
