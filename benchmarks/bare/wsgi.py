"""One view that answers with fixed bytes: no middleware, no template, no database. `/<size>/` says how many."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    DEBUG=False,
    SECRET_KEY="nothing is signed here",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_I18N=False,
)

BYTES = b"<p>A line of a page, as long as such lines are.</p>\n" * 20_000


def answer(request: HttpRequest, size: int) -> HttpResponse:
    """Answer with `size` bytes, of a million at most."""
    return HttpResponse(BYTES[:size])


urlpatterns = [path("<int:size>/", answer)]
application = get_wsgi_application()
