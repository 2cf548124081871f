"""Choosing a picture for a story, a topic, a portrait: the library within a dialog, and what it asks of the server."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import images, permissions
from articles.admin import media_panel, upload
from articles.admin.story_page import View, staff
from articles.models import Image
from articles.picture_cards import card, cards
from articles.refusals import Refusal
from newsroom.core.text import clean_text

# Pictures that one request may ask for: more than any story shows.
MOST_CARDS = 100


def dialog(model_admin: admin.ModelAdmin) -> View:
    """Make the view that shows the library to choose from."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponseBase:
        if not permissions.can_browse_pictures(request.user):
            raise PermissionDenied
        try:
            library = model_admin.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)
        context = {
            **model_admin.admin_site.each_context(request),
            "cl": library,
            "opts": model_admin.opts,
            "title": _("Choose a picture"),
            "may_upload": permissions.can_upload_pictures(request.user),
            "alt_max": Image._meta.get_field("alt_text").max_length,
            **upload.form_context(),
        }
        return TemplateResponse(request, "admin/articles/media/picker.html", context)

    return view


@require_safe
def cards_of(request: HttpRequest) -> HttpResponse:
    """Return {"pictures": [card]} for the ids named (`?ids=7,9`), as far as they exist."""
    if not permissions.can_browse_pictures(request.user):
        raise PermissionDenied
    named = request.GET.get("ids", "").split(",")[:MOST_CARDS]
    ids = [int(value) for value in named if value.isascii() and value.isdecimal() and len(value) < 11]
    found = Image.objects.filter(pk__in=ids).order_by("pk")
    return JsonResponse({"pictures": cards(found, request.user, timezone.localdate())})


@require_POST
def alt(request: HttpRequest) -> HttpResponse:
    """Write a picture's alternative text while it is being chosen; return {"picture": card} or {"problem": words}."""
    image = media_panel.picture(request, request.POST.get("picture", ""))
    media_panel.refuse_unless_may_change(request, image)
    text = clean_text(request.POST.get("alt_text", ""))
    most = Image._meta.get_field("alt_text").max_length or 0
    problem: Any = None
    if not text:
        problem = _("Write what the picture shows.")
    elif len(text) > most:
        problem = _("At most %(most)s characters.") % {"most": most}
    else:
        version = media_panel.seen_version(request)
        try:
            images.update_details(image, version=version, by=staff(request), at=timezone.now(), alt_text=text)
        except Refusal as refusal:
            problem = str(refusal)
    if problem:
        return JsonResponse({"problem": problem})
    stored = Image.objects.get(pk=image.pk)
    return JsonResponse({"picture": card(stored, request.user, timezone.localdate())})
