"""Addresses for tests of what holds on every answer, whatever the pages are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from newsroom import urls
from newsroom.core import csp


@require_safe
def language(request: HttpRequest) -> HttpResponse:
    """Say in which language and zone the page is made."""
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()}")


@require_safe
@csp.editor_csp
def editor(request: HttpRequest) -> HttpResponse:
    """Stand for a page with the editor."""
    return HttpResponse("editor")


@require_safe
def broken(request: HttpRequest) -> HttpResponse:
    """Fail."""
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("", language),
    path("en/", language),
    path("english/", language),
    path("admin/language/", language),
    path("admin/editor/", editor),
    path("broken/", broken),
    path("slash/", language),
    *urls.urlpatterns,
]
