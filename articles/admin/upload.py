"""Adding pictures: several at once, each with an answer of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import images, permissions
from articles.admin.story_page import staff
from articles.picture_cards import card
from articles.refusals import Refusal

FILES = "files"
# One post from a page without JavaScript; with it, each file comes in a post of its own.
MOST_FILES = 20
# Pillow's formats as a file dialog names them.
ACCEPT = "image/jpeg,image/png,image/webp,image/avif,image/gif"
# What a picture was called at home, as far as it is kept: its title, until somebody writes a better one.
NAME_MAX = 120


@dataclass(frozen=True)
class Result:
    """What became of one file: the picture and whether it is a new one, or why it was refused."""

    name: str
    card: dict[str, Any] | None = None
    is_new: bool = True
    why: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    """Show the form, take files; a post that asks for a fragment gets the row of its one file."""
    if not permissions.can_upload_pictures(request.user):
        raise PermissionDenied
    results: list[Result] = []
    status = 200
    if request.method == "POST":
        files = request.FILES.getlist(FILES)
        results = [take(request, file) for file in files[:MOST_FILES]]
        results += [Result(short(file.name), why=too_many()) for file in files[MOST_FILES:]]
        if request.POST.get("fragment"):
            result = results[0] if results else Result("", why=_("No file came with this."))
            return TemplateResponse(request, "admin/articles/media/_upload_row.html", {"result": result})
        status = 200 if any(result.card for result in results) else 422
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Upload pictures"),
        "results": results,
        "nothing_chosen": request.method == "POST" and not results,
        "accepted": sum(1 for result in results if result.card),
        "refused": sum(1 for result in results if not result.card),
        **form_context(),
    }
    return TemplateResponse(request, "admin/articles/media/upload.html", context, status=status)


def page(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Answer for the admin's own address for adding."""
    return view(request, model_admin)


def form_context() -> dict[str, Any]:
    """Return what the form says of its limits, here and in the picker."""
    megabytes = images.MOST_BYTES // 1024**2
    return {"accept": ACCEPT, "most_files": MOST_FILES, "most_bytes": images.MOST_BYTES, "most_megabytes": megabytes}


def take(request: HttpRequest, file: UploadedFile) -> Result:
    """Add one file to the library; the same bytes twice are one picture."""
    name = short(file.name)
    by, at = staff(request), timezone.now()
    try:
        image = images.ingest(file, by=by, at=at)
    except Refusal as refusal:
        return Result(name, why=str(refusal))
    return Result(name, card(image, request.user, timezone.localdate()), not image.was_known)


def short(name: str | None) -> str:
    """Return a file's name as it can be shown."""
    return (name or "").rpartition("/")[2].rpartition("\\")[2][:NAME_MAX]


def too_many() -> str:
    """Say that one post brought more than it may."""
    return _("Only %(most)s at once without JavaScript. Send this one again.") % {"most": MOST_FILES}
