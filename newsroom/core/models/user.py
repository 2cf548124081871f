"""Staff accounts. Readers have none."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of the newsroom who may log in to the desk."""

    language = models.CharField(
        _("language of the desk"),
        max_length=5,
        choices=settings.LANGUAGES,
        default="id",
    )
    zone = models.CharField(_("time zone"), max_length=40, default="Asia/Jakarta")

    class Meta:
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()
