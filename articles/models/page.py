"""Standing pages of the paper: who makes it, by what rules, how to reach it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from newsroom.core import richtext

# A standing page holds words alone: figures belong to stories, whose publication decides when a picture is public.
EXTENSIONS: dict[str, Any] = {
    name: options for name, options in richtext.EXTENSIONS.items() if name not in ("Figure", "PullQuote")
}
# What the press law (40/1999, article 12) and the press guideline (Pedoman Pemberitaan Media Siber, clause 8) want
# readers to find.
REQUIRED_SLUGS = ("redaksi", "pedoman-media-siber")
# What a revision keeps of a page.
KEPT = ("slug", "title", "title_en", "body", "body_en", "position", "is_in_footer")


class PageQuerySet(models.QuerySet["Page"]):
    """Which pages readers get."""

    def public(self) -> Self:
        """Keep the pages that readers may see."""
        return self.filter(published_at__isnull=False)

    def in_footer(self) -> Self:
        """Keep those that every page of the site links to, in their order."""
        return self.public().filter(is_in_footer=True).order_by("position", "pk")


class Page(models.Model):
    """One standing page in both languages; English is optional. Taken off, never deleted."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    body = ProseEditorField(_("text"), blank=True, extensions=EXTENSIONS, sanitize=richtext.sanitize)
    body_en = ProseEditorField(_("text in English"), blank=True, extensions=EXTENSIONS, sanitize=richtext.sanitize)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_in_footer = models.BooleanField(_("in the footer"), default=True)
    # NULL: readers do not see it.
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    # NULL: nobody has written it yet. When its words last changed.
    updated_at = models.DateTimeField(_("saved"), null=True, editable=False)
    # Counts every save; the form names the one it saw.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | ~models.Q(body=""), name="page_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title_in(get_language() or "id")

    def speaks(self, language: str) -> bool:
        """Say whether the page has a text in `language` ("id" or "en")."""
        return bool(self.body_en if language == "en" else self.body)

    def title_in(self, language: str) -> str:
        """Return the title in `language`, Indonesian where there is no English one."""
        return self.title_en if language == "en" and self.title_en else self.title

    def body_in(self, language: str) -> str:
        """Return the text in `language`, "" where there is none."""
        return self.body_en if language == "en" else self.body


class PageRevision(models.Model):
    """What a page said at one save. Appended, never changed: no save can lose an earlier one."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="revisions")
    # The version of the page that this save made.
    version = models.PositiveIntegerField()
    # {field: value} of KEPT
    payload = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of a standing page")
        verbose_name_plural = _("versions of standing pages")
        constraints = [models.UniqueConstraint(fields=["page", "version"], name="page_revision_once")]

    def __str__(self) -> str:
        return f"{self.page_id} v{self.version}"
