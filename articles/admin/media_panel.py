"""One picture beside the library: its focal point, its words, its terms, where it stands, and how it goes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from articles import images, permissions
from articles.admin import media_use
from articles.admin.media_forms import DETAILS, PictureForm, TakeDownForm
from articles.admin.story_page import View, staff
from articles.imaging.cutting import cuts
from articles.models import Image
from articles.picture_cards import LARGE, card, file_url
from articles.refusals import Refusal

VERSION = "version"
CUTS = ("wide", "square", "tall")


def picture(request: HttpRequest, object_id: Any) -> Image:
    """Return the picture the address names. Raises PermissionDenied for who may not browse, Http404 for none."""
    if not permissions.can_browse_pictures(request.user):
        raise PermissionDenied
    try:
        found = Image.objects.filter(pk=Image._meta.pk.to_python(object_id)).select_related("uploaded_by").first()
    except (ValidationError, OverflowError):
        found = None
    if found is None:
        raise Http404
    return found


def refuse_unless_may_change(request: HttpRequest, image: Image) -> None:
    """Raise PermissionDenied for who may look at the picture and no more."""
    if not permissions.can_change_picture(request.user, image):
        raise PermissionDenied


def picture_url(image: Image | int, suffix: str = "") -> str:
    """Return the address of a picture's page; the picture itself, or its id."""
    return reverse("admin:articles_image_change", args=[image if isinstance(image, int) else image.pk]) + suffix


def seen_version(request: HttpRequest) -> int:
    """Return the version a form was made from; 0, which is none, where it does not say."""
    value = request.POST.get(VERSION, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0


@transaction.atomic
def save(request: HttpRequest, image: Image, form: PictureForm) -> None:
    """Write what the form says by the desk's services. Raises Refusal, also when somebody saved in between."""
    by, at, answers = staff(request), timezone.now(), form.cleaned_data
    said = {name: answers[name] for name in DETAILS}
    images.update_details(image, version=seen_version(request), by=by, at=at, **said)
    point = (answers["focal_x"], answers["focal_y"])
    images.set_focal_point(image, *point, version=image.version, by=by, at=at)


def context(request: HttpRequest, image: Image, form: PictureForm) -> dict[str, Any]:
    """Return what the panel shows of a picture."""
    at = timezone.now()
    used, more = media_use.uses(image, request.user, at=at)
    focal = (image.focal_x, image.focal_y)
    boxes = {cut.shape: cut.box for cut in cuts(image.width, image.height, focal)}
    return {
        "picture": image,
        "card": card(image, request.user, timezone.localdate()),
        "large": file_url(image, LARGE),
        "form": form,
        "groups": form.groups(),
        "mark": (image.width * focal[0] / 100, image.height * focal[1] / 100, image.width * 0.035),
        "thirds": [(image.width * part / 3, image.height * part / 3) for part in (1, 2)],
        "cuts": [(shape, viewbox(boxes[shape])) for shape in CUTS],
        "uses": used,
        "more_uses": more,
        "use_count": len(used) + more,
        "live_count": media_use.live_stories(image, at=at),
        "version_token": request.POST.get(VERSION, "") if form.is_bound else image.version,
        "may_change": permissions.can_change_picture(request.user, image),
        "has_failed": image.state == Image.State.FAILED and image.taken_down_at is None,
        "may_take_down": permissions.can_take_down_picture(request.user, image),
    }


def viewbox(box: tuple[int, int, int, int]) -> str:
    """Return a cut as an SVG view box."""
    left, top, right, bottom = box
    return f"{left} {top} {right - left} {bottom - top}"


def archive(_model_admin: admin.ModelAdmin) -> View:
    """Make the view that takes a picture out of use, or brings it back."""

    @require_POST
    def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
        image = picture(request, object_id)
        refuse_unless_may_change(request, image)
        by, at = staff(request), timezone.now()
        if image.archived_at is None:
            images.archive(image, by=by, at=at)
            messages.success(request, _("Archived. It stays where it stands, and can no longer be chosen."))
        else:
            images.unarchive(image, by=by, at=at)
            messages.success(request, _("Back in the library."))
        return HttpResponseRedirect(picture_url(image))

    return view


def retry(_model_admin: admin.ModelAdmin) -> View:
    """Make the view that has a picture's sizes made once more after that failed."""

    @require_POST
    def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
        image = picture(request, object_id)
        refuse_unless_may_change(request, image)
        images.retry(image, by=staff(request), at=timezone.now())
        messages.success(request, _("It is being prepared once more. Reload this page in a minute."))
        return HttpResponseRedirect(picture_url(image))

    return view


def take_down(model_admin: admin.ModelAdmin) -> View:
    """Make the view that asks for the ground, then takes a picture off every page."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    def view(request: HttpRequest, object_id: str) -> HttpResponse:
        image = picture(request, object_id)
        if not permissions.can_take_down_picture(request.user, image):
            raise PermissionDenied
        form = TakeDownForm(request.POST if request.method == "POST" else None, label_suffix="")
        refusal = None
        if form.is_valid():
            try:
                images.take_down(image, by=staff(request), at=timezone.now(), ground=form.cleaned_data["ground"])
            except Refusal as refused:
                refusal = refused
            else:
                messages.success(request, _("Taken down. No page shows it any more, and its files are gone."))
                return HttpResponseRedirect(picture_url(image))
        shown = context(request, image, PictureForm(instance=image, may_change=False))
        shown |= {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
        shown |= {"title": _("Take this picture down?"), "form": form, "refusal": refusal, "url": picture_url(image)}
        status = 409 if refusal else 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/articles/media/take_down.html", shown, status=status)

    return view
