"""The desk's working copy of a story. What readers see is a Publication."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from articles.models.media import Image
from articles.models.people import Contributor
from articles.models.taxonomy import Section, Topic
from newsroom.core import richtext


class DeskState(models.TextChoices):
    """What the desk thinks of the working copy."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    APPROVED = "approved", _("Approved")


class ArticleKind(models.TextChoices):
    """What a piece is, as readers are told."""

    NEWS = "news", _("News")
    ANALYSIS = "analysis", _("Analysis")
    EXPLAINER = "explainer", _("Explainer")
    OPINION = "opinion", _("Opinion")


class Article(models.Model):
    """One story as the desk has it now. A draft may be incomplete; the checklist says what publishing needs."""

    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="id")
    kind = models.CharField(_("kind"), max_length=12, choices=ArticleKind, default=ArticleKind.NEWS)
    kicker = models.CharField(_("kicker"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=120, blank=True)
    standfirst = models.TextField(_("standfirst"), max_length=500, blank=True)
    dateline = models.CharField(_("dateline"), max_length=80, blank=True)
    # One point a line, two to five of them.
    key_points = models.TextField(_("key points"), max_length=1000, blank=True)
    body = ProseEditorField(_("text"), blank=True, extensions=richtext.EXTENSIONS, sanitize=richtext.sanitize)
    # NULL: not yet filed.
    section = models.ForeignKey(
        Section,
        verbose_name=_("section"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
    )
    # NULL: none.
    lead_image = models.ForeignKey(
        Image,
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="leading",
    )
    # "": the picture's own caption.
    lead_caption = models.CharField(_("caption of the lead picture"), max_length=500, blank=True)
    contributors = models.ManyToManyField(Contributor, through="Byline", related_name="articles")
    topics = models.ManyToManyField(Topic, through="ArticleTopic", related_name="articles")

    desk_state = models.CharField(_("desk state"), max_length=20, choices=DeskState, default=DeskState.DRAFT)
    # The last word of whoever sent the story back.
    desk_note = models.TextField(_("note from the desk"), max_length=1000, blank=True)
    # NULL: no revision is approved.
    approved_revision = models.ForeignKey(
        "articles.Revision",
        verbose_name=_("approved revision"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # NULL: not held.
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    hold_reason = models.CharField(_("reason for the hold"), max_length=300, blank=True)
    # NULL: no embargo.
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True)

    # NULL: written here, or the link was taken off. The story this one is a translation of; never itself a translation.
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="translations",
    )
    # NULL: no translation. The version of the source that this one renders.
    translated_revision = models.ForeignKey(
        "articles.Revision",
        verbose_name=_("translated version"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    # Counts every write to the working copy and its inlines; the form names the one it saw.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), editable=False)
    updated_at = models.DateTimeField(_("saved"), editable=False)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("change_any_article", "Can change stories of others"),
            ("approve_article", "Can approve stories"),
            ("publish_article", "Can publish, schedule and end stories"),
            ("withdraw_article", "Can withdraw stories"),
            ("kill_article", "Can kill stories"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["translation_of", "language"], name="article_translated_once"),
        ]
        indexes = [
            # The desk's list: everything by last save; one state by last save.
            models.Index(fields=["-updated_at", "-id"], name="article_saved"),
            models.Index(fields=["desk_state", "-updated_at"], name="article_desk"),
        ]

    def __str__(self) -> str:
        return self.title


class Byline(models.Model):
    """One name over a story, in its place and role."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    contributor = models.ForeignKey(Contributor, verbose_name=_("name"), on_delete=models.PROTECT)
    role = models.CharField(_("role"), max_length=80, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        constraints = [models.UniqueConstraint(fields=["article", "contributor"], name="byline_once")]

    def __str__(self) -> str:
        return str(self.contributor)


class Source(models.Model):
    """What a story rests on."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        INTERVIEW = "interview", _("Interview")
        DATA = "data", _("Data")
        MEDIA = "media", _("News report")
        STATEMENT = "statement", _("Statement")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DOCUMENT)
    title = models.CharField(_("source"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    # NULL: undated.
    published_on = models.DateField(_("date"), null=True, blank=True)
    is_checked = models.BooleanField(_("checked"), default=False)
    # A confidential source stays at the desk: it is never projected.
    is_confidential = models.BooleanField(_("confidential"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.title


class ArticleTopic(models.Model):
    """A topic of a story."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="article_topics")
    topic = models.ForeignKey(Topic, verbose_name=_("topic"), on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("topic of the story")
        verbose_name_plural = _("topics of the story")
        constraints = [models.UniqueConstraint(fields=["article", "topic"], name="article_topic_once")]

    def __str__(self) -> str:
        return str(self.topic)


class Milestone(models.Model):
    """One entry of a story's chronology."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="milestones")
    # As readers see it: a day, a month, "Kini".
    moment = models.CharField(_("moment"), max_length=60)
    text = models.CharField(_("what happened"), max_length=200)
    is_certain = models.BooleanField(_("established"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("chronology")

    def __str__(self) -> str:
        return f"{self.moment}: {self.text}"
