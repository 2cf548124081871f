"""The people whose names stand over stories."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.media import Image


class Contributor(models.Model):
    """A byline name: staff, freelance or guest. Archived, never deleted."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    role = models.CharField(_("role"), max_length=120, blank=True)
    bio = models.TextField(_("about"), max_length=1000, blank=True)
    bio_en = models.TextField(_("about, in English"), max_length=1000, blank=True)
    # NULL: initials stand in its place.
    portrait = models.ForeignKey(
        Image, verbose_name=_("portrait"), null=True, blank=True, on_delete=models.PROTECT, related_name="portrays"
    )
    # NULL: the person has no account at the desk.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("staff account"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contributor",
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("contributor")
        verbose_name_plural = _("contributors")

    def __str__(self) -> str:
        return self.name

    def about(self, language: str) -> str:
        """Return who they are in `language` ("id" or "en"), Indonesian where there is no English text."""
        return self.bio_en if language == "en" and self.bio_en else self.bio
