"""The people whose names stand over stories."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.media import Image
from articles.models.taxonomy import Section


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


class SectionEditor(models.Model):
    """An editor bound to one section. An editor without any such row works in all sections."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("editor"), on_delete=models.CASCADE, related_name="bound_to"
    )
    section = models.ForeignKey(Section, verbose_name=_("section"), on_delete=models.CASCADE, related_name="editors")

    class Meta:
        verbose_name = _("section editor")
        verbose_name_plural = _("section editors")
        default_permissions = ()
        permissions = [("work_in_every_section", _("Can work in every section, whatever they are bound to"))]
        constraints = [
            # Also serves the question of every request of an editor: which sections are mine.
            models.UniqueConstraint(fields=["user", "section"], name="section_editor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.section}"
