"""Sections and topics. Archived or merged, never deleted: old revisions name them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles.models.media import Image


class BilingualName(models.Model):
    """A name in Indonesian, and in English where one is given."""

    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    description_en = models.CharField(_("description in English"), max_length=300, blank=True)
    # NULL: in use. Archived ones can no longer be chosen and stay readable where they stand.
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.display_name(get_language() or "id")

    def about(self, language: str) -> str:
        """Return the description in `language` ("id" or "en"), Indonesian where there is no English one."""
        return self.description_en if language == "en" and self.description_en else self.description

    def display_name(self, language: str) -> str:
        """Return the name in `language` ("id" or "en"), Indonesian where there is no English one."""
        return self.name_en if language == "en" and self.name_en else self.name


# First parts of addresses that are taken: a section of that name would hide behind them.
RESERVED_SLUGS = (
    *("accounts", "admin", "arsip", "cari", "en", "feed", "hak-jawab", "halaman", "healthz", "komentar", "koreksi"),
    *("media", "penulis", "readyz", "static", "topik"),
)


class Section(BilingualName):
    """A department of the paper; the first part of a story's address."""

    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug__in=RESERVED_SLUGS),
                name="section_slug_free",
                violation_error_message=_("This slug is taken by another address of the site. Choose another."),
            )
        ]


class Topic(BilingualName):
    """What stories are about across sections."""

    class Kind(models.TextChoices):
        THEME = "theme", _("Theme")
        DOSSIER = "dossier", _("Dossier")
        COUNTRY = "country", _("Country")
        ORGANISATION = "organisation", _("Organisation")
        PERSON = "person", _("Person")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.THEME)
    # NULL: none. A locator map, most often.
    image = models.ForeignKey(
        Image, verbose_name=_("picture"), null=True, blank=True, on_delete=models.PROTECT, related_name="topics"
    )
    # Whether the front page tells its chronology across the sheet.
    is_on_front = models.BooleanField(_("on the front page"), default=False)
    # NULL: not merged. A merged topic restores as its target.
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class TopicMilestone(models.Model):
    """One entry of a topic's chronology."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="milestones")
    # As readers see it: a day, a month, "Kini".
    moment = models.CharField(_("moment"), max_length=60)
    moment_en = models.CharField(_("moment in English"), max_length=60, blank=True)
    text = models.CharField(_("what happened"), max_length=200)
    text_en = models.CharField(_("what happened, in English"), max_length=200, blank=True)
    is_certain = models.BooleanField(_("established"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("milestone of the topic")
        verbose_name_plural = _("chronology of the topic")

    def __str__(self) -> str:
        return f"{self.moment}: {self.text}"

    def words(self, language: str) -> dict[str, Any]:
        """Return {"moment", "text", "is_certain", "language"}; Indonesian where there is no English text."""
        is_english = language == "en" and bool(self.text_en)
        return {
            "moment": (self.moment_en or self.moment) if is_english else self.moment,
            "text": self.text_en if is_english else self.text,
            "is_certain": self.is_certain,
            "language": "en" if is_english else "id",
        }


class TopicFact(models.Model):
    """One line of a topic's facts: what, how much, and who says so."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="facts")
    label = models.CharField(_("label"), max_length=80)
    label_en = models.CharField(_("label in English"), max_length=80, blank=True)
    value = models.CharField(_("value"), max_length=200)
    value_en = models.CharField(_("value in English"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"

    def words(self, language: str) -> dict[str, str]:
        """Return {"label", "value", "source"} in `language`, each Indonesian where there is no English one."""
        is_english = language == "en"
        return {
            "label": (is_english and self.label_en) or self.label,
            "value": (is_english and self.value_en) or self.value,
            "source": self.source,
        }
