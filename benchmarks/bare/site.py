"""The one page of the project in `settings`, from its database by a template."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

PAGE = "<!doctype html><title>{{ count }} people</title><p>{{ count }} people work here."


def page(request: HttpRequest) -> HttpResponse:
    """Answer with a page that took a query."""
    people = get_user_model().objects.count()
    return HttpResponse(engines["django"].from_string(PAGE).render({"count": people}, request))


urlpatterns = [path("", page)]
application = get_wsgi_application()
