"""Pictures, and the sizes and cuts of them that readers get. Originals are never public."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


def originals() -> Storage:
    """Return where cleaned originals lie: private, below no public address."""
    return storages["originals"]


def renditions() -> Storage:
    """Return where renditions lie, under names that tell nothing but their content."""
    return storages["renditions"]


class ImageQuerySet(models.QuerySet["Image"]):
    """Which pictures count."""

    def in_use(self) -> Self:
        """Keep what stories may still choose: neither archived nor taken down."""
        return self.filter(archived_at__isnull=True, taken_down_at__isnull=True)

    def licensed(self, at: datetime) -> Self:
        """Keep what may be shown at `at`: not taken down, its licence not over."""
        today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        lasting = models.Q(licence_until__isnull=True) | models.Q(licence_until__gte=today)
        return self.filter(lasting, taken_down_at__isnull=True)


class Image(models.Model):
    """One picture of the library, with what must be said wherever it stands."""

    # Set by images.ingest: the picture was in the library before.
    was_known = False

    class State(models.TextChoices):
        PENDING = "pending", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be prepared")

    class Licence(models.TextChoices):
        OWN = "own", _("Own work")
        ASSIGNED = "assigned", _("Commissioned")
        AGENCY = "agency", _("Licensed from an agency")
        HANDOUT = "handout", _("Handout")
        CC_BY = "cc_by", _("CC BY")
        CC_BY_SA = "cc_by_sa", _("CC BY-SA")
        PUBLIC_DOMAIN = "public_domain", _("Public domain")

    title = models.CharField(_("title"), max_length=200)
    # SHA-256 of the stored original, in hex: the same picture is kept once.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    original = models.FileField(storage=originals, max_length=200, editable=False)
    # Pillow's name of the original's format: "JPEG", "PNG", "WEBP".
    format = models.CharField(max_length=8, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    byte_size = models.PositiveIntegerField(editable=False)

    alt_text = models.CharField(_("alternative text"), max_length=400, blank=True)
    alt_text_en = models.CharField(_("alternative text in English"), max_length=400, blank=True)
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    caption_en = models.CharField(_("caption in English"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=16, choices=Licence, blank=True)
    # NULL: no end. The first day on which it may no longer be shown follows this one.
    licence_until = models.DateField(_("licensed until"), null=True, blank=True)
    is_ai_generated = models.BooleanField(_("made by AI"), default=False)
    # Per cent from the left and from the top.
    focal_x = models.PositiveSmallIntegerField(_("focal point across"), default=50, validators=[MaxValueValidator(100)])
    focal_y = models.PositiveSmallIntegerField(_("focal point down"), default=50, validators=[MaxValueValidator(100)])

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded"), editable=False)
    # NULL: in use. Archived ones can no longer be chosen and stay where they stand.
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    # NULL: may be shown. Set once: its files are gone, and no page shows it again.
    taken_down_at = models.DateTimeField(_("taken down"), null=True, blank=True, editable=False)
    takedown_ground = models.CharField(_("ground for the takedown"), max_length=300, blank=True, editable=False)
    # Compare-and-swap: a form names the version it showed.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [
            ("change_any_image", "Can change pictures of others"),
            ("take_down_image", "Can take pictures down"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_inside"
            ),
        ]
        indexes = [
            # The library: newest first.
            models.Index(fields=["-uploaded_at", "-id"], name="image_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def licence_ends_at(self) -> datetime | None:
        """The moment from which it may no longer be shown, in the paper's zone; None: no end."""
        if self.licence_until is None:
            return None
        return datetime.combine(self.licence_until + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))

    def alt(self, language: str) -> str:
        """Return the alternative text in `language` ("id" or "en"), Indonesian where there is no English one."""
        return self.alt_text_en if language == "en" and self.alt_text_en else self.alt_text

    def words(self, language: str) -> dict[str, Any]:
        """Return {"alt", "caption", "credit", "is_ai", "licence"} in `language`, as a projection keeps them."""
        caption = self.caption_en if language == "en" and self.caption_en else self.caption
        return {
            "alt": self.alt(language),
            "caption": caption,
            "credit": self.credit,
            "is_ai": self.is_ai_generated,
            "licence": self.licence,
        }


class Rendition(models.Model):
    """One file made of a picture: a shape, a width, a format."""

    class Shape(models.TextChoices):
        FULL = "full", _("Uncropped")
        WIDE = "wide", "16:9"
        SQUARE = "square", "1:1"
        TALL = "tall", "4:5"

    class Format(models.TextChoices):
        AVIF = "avif", "AVIF"
        WEBP = "webp", "WebP"
        JPEG = "jpg", "JPEG"

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")
    shape = models.CharField(max_length=8, choices=Shape)
    format = models.CharField(max_length=4, choices=Format)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    byte_size = models.PositiveIntegerField()
    # The focal point it was cut about; 50, 50 for uncropped ones. Older cuts stay until no page names them.
    focal_x = models.PositiveSmallIntegerField(default=50)
    focal_y = models.PositiveSmallIntegerField(default=50)
    # Content hash and extension: the file's name in storage, and below /media/. Whether readers may fetch it is asked
    # of the publications at that moment (articles.views.media) and stored nowhere.
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = [
            # Two tasks that make the same one leave one row.
            models.UniqueConstraint(
                fields=["image", "shape", "format", "width", "focal_x", "focal_y"], name="rendition_once"
            ),
        ]
        indexes = [
            # Who asks for a file by its public name.
            models.Index(fields=["name"], name="rendition_name"),
        ]

    def __str__(self) -> str:
        return self.name
