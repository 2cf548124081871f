"""Handlers for addresses that lead nowhere; named in the root URLconf."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.cache import patch_cache_control

from articles.models import FormerAddress
from articles.views.article import answer


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Send readers from an address a story once had to the one it has now, in one hop; say 404 to the rest.

    A former address may look like any other, so it is asked for last, after every route has refused.
    """
    path = request.path
    # PostgreSQL knows no text with a NUL in it, and no address ever had one.
    if request.method in ("GET", "HEAD") and "\x00" not in path:
        other = path.removesuffix("/") if path.endswith("/") else f"{path}/"
        former = FormerAddress.objects.filter(path__in=[path, other]).values_list("article_id", flat=True).first()
        if former is not None:
            try:
                return answer(request, former, at=timezone.now())
            except Http404:
                pass
    response = render(request, "404.html", status=404)
    # A cache in front would keep it for minutes of its own choice, past the moment at which a story begins.
    patch_cache_control(response, max_age=0, must_revalidate=True)
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """Say that something went wrong; that it passes, where the database did not answer. Needs neither it nor a session.

    Django calls this while it handles the exception.
    """
    is_passing = isinstance(sys.exception(), OperationalError | InterfaceError)
    # Without the request: what the context processors add may ask the database again.
    page = loader.get_template("500.html").render()
    return (
        HttpResponse(page, status=503, headers={"Retry-After": "5"}) if is_passing else HttpResponse(page, status=500)
    )
