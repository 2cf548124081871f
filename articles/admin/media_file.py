"""The picture as the desk sees it, before readers may: permission-checked, never under a public name."""

from __future__ import annotations

from io import BytesIO

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.storage import Storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.views.decorators.http import require_safe
from PIL import Image as Pillow

from articles import permissions
from articles.admin.story_page import View
from articles.models import Image, Rendition
from articles.models.media import originals, renditions
from articles.picture_cards import LARGE, THUMB

# What is asked for -> the width, in pixels, that is enough for it.
WIDTHS = {THUMB: 480, LARGE: 960}
TYPES = {Rendition.Format.WEBP: "image/webp", Rendition.Format.JPEG: "image/jpeg"}


def file(_model_admin: admin.ModelAdmin) -> View:
    """Make the view that hands out a picture's preview."""

    @require_safe
    def view(request: HttpRequest, object_id: int, size: str) -> HttpResponseBase:
        if not permissions.can_browse_pictures(request.user):
            raise PermissionDenied
        image = Image.objects.filter(pk=object_id, taken_down_at__isnull=True).first()
        if image is None or size not in WIDTHS:
            raise Http404
        # The original never changes, and neither does what is made of all of it.
        tag = f'"{image.digest[:24]}-{size}"'
        if request.headers.get("If-None-Match") == tag:
            response: HttpResponseBase = HttpResponseNotModified()
        else:
            kind, content = preview(image, WIDTHS[size])
            response = HttpResponse(content, content_type=kind)
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "private, max-age=86400"
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    return view


def preview(image: Image, width: int) -> tuple[str, bytes]:
    """Return type and content of the smallest rendition that is wide enough, made on the spot while there is none.

    Raises Http404 where the files are gone.
    """
    made = Rendition.objects.filter(image=image, shape=Rendition.Shape.FULL, format__in=TYPES).order_by("width", "pk")
    wide_enough = made.filter(width__gte=min(width, image.width)).order_by("width", "-format", "pk")
    rendition = wide_enough.first() or made.last()
    if rendition is not None:
        return TYPES[Rendition.Format(rendition.format)], read(renditions(), rendition.name)
    # Cleaned when it came in: a plain JPEG or PNG of bounded size.
    with Pillow.open(BytesIO(read(originals(), image.original.name or "")), formats=["JPEG", "PNG"]) as opened:
        opened.draft("RGB", (width, width))
        picture = opened.convert("RGB")
    picture.thumbnail((width, width * 4))
    content = BytesIO()
    picture.save(content, "JPEG", quality=80)
    return "image/jpeg", content.getvalue()


def read(storage: Storage, name: str) -> bytes:
    """Return a stored file; Http404 where there is none."""
    try:
        with storage.open(name) as stored:
            content: bytes = stored.read()
    except OSError as error:
        raise Http404 from error
    return content
