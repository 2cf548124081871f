"""Addresses under which a story was once found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerAddress(models.Model):
    """A path that answers with one redirect to the story's address of today (an imported WordPress one, say)."""

    path = models.CharField(_("path"), max_length=300, unique=True)
    article = models.ForeignKey(
        "articles.Article", verbose_name=_("article"), on_delete=models.CASCADE, related_name="former_addresses"
    )

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.path
