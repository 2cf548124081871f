"""What readers see and saw: a temporal table, and the only home of the time condition."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import ArticleKind

# The open end of a publication's time; NOT NULL so that ranges and indexes need no special case.
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Which publications count at a moment. Nothing else states the time condition.

    Readers are served from `at` (an article's own address) and `live` (everything else); the rest is for the desk.
    """

    def at(self, at: datetime) -> Self:
        """Keep what answers at `at` under the article's own address, tombstones and suppressed ones included."""
        return self.filter(voided_at__isnull=True, visible_from__lte=at, visible_until__gt=at)

    def live(self, at: datetime) -> Self:
        """Keep the stories that readers may see at `at`."""
        return self.at(at).filter(kind=Publication.Kind.STORY, suppressed_at__isnull=True)

    def standing(self) -> Self:
        """Keep what was not voided: an article's history, present and plans. No two of one article overlap."""
        return self.filter(voided_at__isnull=True)

    def planned(self, at: datetime) -> Self:
        """Keep what will begin after `at`."""
        return self.standing().filter(visible_from__gt=at)

    def over(self, at: datetime) -> Self:
        """Keep what ended before or at `at`."""
        return self.standing().filter(visible_until__lte=at)

    def begun(self, at: datetime) -> Self:
        """Keep what began by `at`, whatever became of it."""
        return self.standing().filter(visible_from__lte=at)

    def seen(self, at: datetime) -> Self:
        """Keep the stories readers see or saw by `at`, unless they were killed or withdrawn: what was taken from
        readers stays so, even when the story came back without it.
        """
        begun = self.begun(at).filter(kind=Publication.Kind.STORY, suppressed_at__isnull=True)
        same = Publication.objects.begun(at).filter(article=models.OuterRef("article"))
        buried = same.filter(kind=Publication.Kind.TOMBSTONE, visible_from__gt=models.OuterRef("visible_from"))
        return begun.filter(~models.Exists(buried))

    def versions(self, at: datetime) -> Self:
        """Keep the beginnings of what readers may look back at: first publications, substantive updates and returns
        from a withdrawal.
        """
        tombstones = Publication.objects.standing().filter(kind=Publication.Kind.TOMBSTONE)
        returned = tombstones.filter(article=models.OuterRef("article"), visible_until=models.OuterRef("visible_from"))
        begins = models.Q(visible_from=models.F("first_published_at")) | models.Q(
            visible_from=models.F("substantive_at")
        )
        return self.seen(at).filter(begins | models.Exists(returned))

    def updates(self, at: datetime) -> Self:
        """Keep the substantive updates that began by `at`, withdrawn since or not."""
        begun = self.begun(at).filter(kind=Publication.Kind.STORY, suppressed_at__isnull=True)
        return begun.filter(visible_from=models.F("substantive_at"))

    def for_page(self, at: datetime) -> Self:
        """Annotate what a story's page says of its surroundings: `version_count` at `at`, and `root_id`, the id of the
        story it was translated from, or its own.
        """
        others = Publication.objects.versions(at).filter(article=models.OuterRef("article")).order_by()
        count = others.values("article").annotate(n=models.Count("pk")).values("n")
        return self.annotate(
            version_count=models.functions.Coalesce(models.Subquery(count), 0),
            root_id=models.functions.Coalesce("article__translation_of", "article"),
        )

    def withdrawals(self, at: datetime) -> Self:
        """Keep the notices of withdrawal that stood up to `at`, of stories that readers had seen."""
        begun = self.standing().filter(visible_from__lte=at, kind=Publication.Kind.TOMBSTONE)
        return begun.exclude(first_published_at=models.F("visible_from"))

    def unfinished(self, at: datetime) -> Self:
        """Keep the stories that readers see at `at` or will see after it."""
        return self.standing().filter(visible_until__gt=at, kind=Publication.Kind.STORY, suppressed_at__isnull=True)

    def next_boundary(self, at: datetime) -> datetime | None:
        """Return the first moment after `at` at which any of these begins or ends; None when nothing is planned."""
        begins = self.planned(at).aggregate(moment=models.Min("visible_from"))["moment"]
        ends = self.standing().filter(visible_until__gt=at).aggregate(moment=models.Min("visible_until"))["moment"]
        return min((moment for moment in (begins, ends) if moment and moment < FAR_FUTURE), default=None)


class ListRowQuerySet(models.QuerySet[Any]):
    """Rows that place publications in a list. Voided, suppressed and withdrawn ones have none."""

    def live(self, at: datetime) -> Self:
        """Keep the rows of stories that readers may see at `at`: what `PublicationQuerySet.live` says, by one index."""
        return self.filter(visible_from__lte=at, visible_until__gt=at)

    def newest(self, language: str) -> Self:
        """Keep those in `language`, newest first, in the order of the list's index."""
        return self.filter(publication__language=language).order_by("-first_published_at", "-pk")


class Publication(models.Model):
    """One stretch of time in which an article's address gives one answer.

    Facts never change but for `visible_until`, and `voided_at` (with its cause) and `suppressed_at`, which are set
    once; the database refuses the rest. The projection can be rebuilt from the revision at any time.
    """

    class Kind(models.TextChoices):
        STORY = "story", _("Story")
        TOMBSTONE = "tombstone", _("Tombstone")

    class Ground(models.TextChoices):
        """Why a story was taken from readers: clause 5 of the cyber media guideline, and what must not stand."""

        SARA = "sara", _("Ethnic, religious or racial hatred")
        DECENCY = "decency", _("Decency")
        CHILD = "child", _("A child's future")
        TRAUMA = "trauma", _("Trauma of victims")
        PRESS_COUNCIL = "press_council", _("Decision of the Press Council")
        COURT = "court", _("Order of a court")
        ERROR = "error", _("Grave error of fact")

    class VoidCause(models.TextChoices):
        """Why a planned publication did not come."""

        CANCELLED = "cancelled", _("Cancelled")
        REPLANNED = "replanned", _("Planned anew")
        BROUGHT_FORWARD = "brought_forward", _("Published earlier")
        EXPIRED = "expired", _("The story ends before")
        HELD = "held", _("Held")
        EMBARGOED = "embargoed", _("Embargo moved later")
        UNAPPROVED = "unapproved", _("Approval withdrawn")
        UNLICENSED = "unlicensed", _("Licence of a picture ends before")
        WITHDRAWN = "withdrawn", _("Story withdrawn")
        KILLED = "killed", _("Story killed")

    # Facts
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="publications")
    # NULL: a tombstone has none.
    revision = models.ForeignKey(
        "articles.Revision",
        null=True,
        on_delete=models.PROTECT,
        related_name="publications",
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STORY)
    visible_from = models.DateTimeField(_("visible from"))
    visible_until = models.DateTimeField(_("visible until"), default=FAR_FUTURE)
    # Whether it takes over from what stood at `visible_from`; when it is voided, that goes on.
    takes_over = models.BooleanField(default=False)
    # NULL: stands. Set once: this row never was or never will be what readers see from then on.
    voided_at = models.DateTimeField(_("voided"), null=True)
    void_cause = models.CharField(_("why it was voided"), max_length=16, choices=VoidCause, blank=True)
    # NULL: may be shown. Set once, by kill. A suppressed tombstone says that the story was killed and cannot come back.
    suppressed_at = models.DateTimeField(_("suppressed"), null=True)
    first_published_at = models.DateTimeField(_("first published"))
    # NULL: never updated in substance.
    substantive_at = models.DateTimeField(_("updated"), null=True)
    # What changed, for readers; given with substantive updates only.
    change_note = models.CharField(_("change note"), max_length=300, blank=True)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground, blank=True)
    public_reason = models.TextField(_("public reason"), max_length=1000, blank=True)
    by = models.ForeignKey("core.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    # Projection, rebuildable; empty on tombstones
    renderer_version = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=5, default="id")
    story_kind = models.CharField(max_length=12, choices=ArticleKind, default=ArticleKind.NEWS)
    section = models.ForeignKey(
        "articles.Section",
        null=True,
        on_delete=models.PROTECT,
        related_name="publications",
    )
    section_name = models.CharField(max_length=80, blank=True)
    section_slug = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=300, blank=True)
    kicker = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    standfirst = models.TextField(blank=True)
    dateline = models.CharField(max_length=80, blank=True)
    body_html = models.TextField(blank=True)
    # [str]
    key_points = models.JSONField(default=list)
    # [{"name", "slug", "role", "place"}] in order
    bylines = models.JSONField(default=list)
    # [{"name", "slug"}] in order
    topics = models.JSONField(default=list)
    # [{"title", "kind", "kind_label", "publisher", "url", "date" (ISO or "")}] in order, confidential ones left out
    sources = models.JSONField(default=list)
    # The lead picture as articles.images.data gives it, {} when there is none
    lead_image = models.JSONField(default=dict)
    # {picture id as text: picture data} for the figures in body_html
    images = models.JSONField(default=dict)
    # [{"moment", "text", "is_certain"}] in order
    milestones = models.JSONField(default=list)
    # Notice.as_shown of all it carries, oldest first; written by the timeline, not by the renderer
    notices = models.JSONField(default=list)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visible_from__lt=models.F("visible_until")),
                name="publication_lasts",
            ),
            models.CheckConstraint(
                condition=models.Q(voided_at__isnull=True, void_cause="")
                | (models.Q(voided_at__isnull=False) & ~models.Q(void_cause="")),
                name="publication_void_cause",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="story", revision__isnull=False)
                | (
                    models.Q(kind="tombstone", revision__isnull=True)
                    & ~models.Q(ground="")
                    & ~models.Q(public_reason="")
                ),
                name="publication_kind_facts",
            ),
        ]
        indexes = [
            # An article's own address and its history.
            models.Index(fields=["article", "-visible_from"], name="publication_article"),
            # The front page and feeds: newest first. By first publication, so that no correction lifts an old story.
            models.Index(
                fields=["language", "-first_published_at", "-id"],
                condition=models.Q(voided_at__isnull=True, suppressed_at__isnull=True),
                name="publication_newest",
            ),
            # A section's list: newest first.
            models.Index(
                fields=["section", "language", "-first_published_at", "-id"],
                condition=models.Q(voided_at__isnull=True, suppressed_at__isnull=True),
                name="publication_section",
            ),
            # Future boundaries: what begins and what ends next.
            models.Index(
                fields=["visible_from"], condition=models.Q(voided_at__isnull=True), name="publication_begins"
            ),
            models.Index(fields=["visible_until"], condition=models.Q(voided_at__isnull=True), name="publication_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.kind} {self.visible_from:%Y-%m-%d %H:%M}"


class PublicationTopic(models.Model):
    """A topic of a publication, with its times copied so that lists need one index."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="topic_rows")
    topic = models.ForeignKey("articles.Topic", on_delete=models.PROTECT, related_name="publication_rows")
    first_published_at = models.DateTimeField()
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField()

    objects = ListRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "topic"], name="publication_topic_once")]
        indexes = [
            # A topic's page: newest first. Rows of voided and suppressed publications are deleted.
            models.Index(fields=["topic", "-first_published_at", "-id"], name="publication_topic_list"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.topic_id}"


class PublicationByline(models.Model):
    """A name over a publication, with its times copied so that lists need one index."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="byline_rows")
    contributor = models.ForeignKey(
        "articles.Contributor",
        on_delete=models.PROTECT,
        related_name="publication_rows",
    )
    first_published_at = models.DateTimeField()
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField()

    objects = ListRowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "contributor"], name="publication_byline_once")]
        indexes = [
            # A contributor's page: newest first.
            models.Index(
                fields=["contributor", "-first_published_at", "-id"],
                name="publication_byline_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.contributor_id}"


class PublicationRef(models.Model):
    """An object whose data went into a projection: when it changes, the projection is rebuilt."""

    class Kind(models.TextChoices):
        SECTION = "section"
        TOPIC = "topic"
        CONTRIBUTOR = "contributor"
        IMAGE = "image"

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="refs")
    kind = models.CharField(max_length=12, choices=Kind)
    object_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "publication"], name="publication_ref_once")
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.kind} {self.object_id}"
