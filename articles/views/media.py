"""Renditions by their content's name: to readers once a story they see uses the picture, to the desk before."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import permissions, pictures
from articles.models import Contributor, Image, Publication, PublicationRef, Rendition, Topic

NAME = re.compile(r"[0-9a-f]{24}\.(avif|webp|jpg)")
RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Opened by itself, a file can do nothing, whatever a browser takes it for.
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Content-Disposition": "inline",
    "Accept-Ranges": "bytes",
}
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer a rendition's public address: the file, 410 when it was taken from readers, 404 for all else.

    The database is asked each time, so nothing is public before its story, whether or not a worker runs, and a kill
    counts from its commit on. Names say what is in a file, so who has one never has to ask again.
    """
    at = timezone.now()
    if not NAME.fullmatch(name):
        raise Http404
    if is_public(name, at=at):
        response = send(request, name, cache=FOR_EVER)
        # Feed readers show pictures on pages of their own.
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
    if was_public(name, at=at):
        # For every reader the same; nothing that asks for a picture would show words.
        return HttpResponse(status=410, headers={**HEADERS, "Cache-Control": "no-store"}, content_type="text/plain")
    raise Http404


@require_safe
def picture_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand a rendition to who may see the library, public or not."""
    if not permissions.can_browse_pictures(request.user):
        raise PermissionDenied
    if not NAME.fullmatch(name) or not Rendition.objects.filter(name=name, image__taken_down_at=None).exists():
        raise Http404
    return send(request, name, cache="private, no-store")


def public(at: datetime) -> QuerySet[Image]:
    """Return the pictures readers may see at `at`, for a subquery over renditions.

    Those of a story they see or saw, unless it was withdrawn or killed; of topics and of people.
    """
    here = OuterRef("pk")
    stories = Publication.objects.seen(at).filter(
        refs__kind=PublicationRef.Kind.IMAGE, refs__object_id=OuterRef(OuterRef("image_id"))
    )
    elsewhere = Exists(Topic.objects.filter(image=here)) | Exists(Contributor.objects.filter(portrait=here))
    return Image.objects.licensed(at).filter(Exists(stories) | elsewhere, pk=OuterRef("image_id"))


def is_public(name: str, *, at: datetime) -> bool:
    """Whether readers may have the file at `at`. One query, by the indexes of names and of references."""
    return Rendition.objects.filter(Exists(public(at)), name=name).exists()


def was_public(name: str, *, at: datetime) -> bool:
    """Whether readers could have the file before `at`."""
    once = Publication.objects.begun(at).filter(refs__kind=PublicationRef.Kind.IMAGE)
    taken = Image.objects.filter(pk=OuterRef("image_id"), taken_down_at__isnull=False)
    return Rendition.objects.filter(
        Exists(taken) | Exists(once.filter(refs__object_id=OuterRef("image_id"))), name=name
    ).exists()


def send(request: HttpRequest, name: str, *, cache: str) -> HttpResponseBase:
    """Return the file, or the part that is asked for (RFC 9110, 14.2: one range; several are answered with all)."""
    headers = {**HEADERS, "Cache-Control": cache, "ETag": f'"{name}"'}
    matches = request.headers.get("If-None-Match", "")
    if matches.strip() == "*" or f'"{name}"' in (tag.strip().removeprefix("W/") for tag in matches.split(",")):
        return HttpResponseNotModified(headers=headers)
    kind = pictures.TYPES[name.rpartition(".")[2]]
    if settings.MEDIA_ACCEL and cache == FOR_EVER:
        # nginx sends the file itself, ranges and all, from below this internal address.
        return HttpResponse(headers={**headers, "X-Accel-Redirect": f"{settings.MEDIA_ACCEL}{name}"}, content_type=kind)
    try:
        with storages["renditions"].open(name) as file:
            content: bytes = file.read()
    except OSError as error:
        raise Http404 from error
    start, end = 0, len(content)
    asked = RANGE.fullmatch(request.headers.get("Range", "")) if request.method == "GET" else None
    if asked and any(asked.groups()) and request.headers.get("If-Range", f'"{name}"') == f'"{name}"':
        start, end = span(asked[1], asked[2], len(content))
        if start >= end:
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(content)}"
    headers["Content-Length"] = str(end - start)
    status = 206 if "Content-Range" in headers else 200
    return HttpResponse(content[start:end], status=status, headers=headers, content_type=kind)


def span(first: str, last: str, size: int) -> tuple[int, int]:
    """Return where a range begins and ends; "" for `first`: the last so many bytes."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size
