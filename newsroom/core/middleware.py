"""Headers and language for every request."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from newsroom.core.models import User

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SPOKEN = ("GET", "HEAD", "POST")
# Where staff work; everything else is public, the same for everyone, and touches no session.
STAFF_PREFIXES = ("/admin/", "/accounts/")
# Longest Accept-Language looked at; browsers send some 50 characters, parsing a hostile one costs time.
ACCEPT_LANGUAGE_MAX = 200

# Powerful features nobody needs here; a script that got in could not use them either.
DENIED_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
CONSTANT_HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED_FEATURES),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def is_staff_path(path: str) -> bool:
    """Say whether `path` belongs to the desk. For headers and language only; permissions hang on views."""
    return path.startswith(STAFF_PREFIXES)


class SecurityHeadersMiddleware:
    """Adds the constant security headers that SecurityMiddleware and django-csp do not; a view's own ones stand."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in CONSTANT_HEADERS.items():
            response.headers.setdefault(name, value)
        if is_staff_path(request.path_info):
            # Also on redirects and errors, which the admin's own never_cache does not reach.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class MethodsMiddleware:
    """Refuses methods that nothing here speaks, before any view: Django's function views answer TRACE with 200.

    Every view of ours names its own as well; the stock admin's and other packages' do not all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request) if request.method in SPOKEN else HttpResponseNotAllowed(SPOKEN)


class LanguageMiddleware:
    """Speaks the language of the path on public pages, the user's own at the desk.

    Public: English below /en/, Indonesian elsewhere, in the paper's zone; nothing else about the reader counts, so the
    answer varies on nothing. The desk: language and zone of the account; before log-in the browser's language.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if is_staff_path(path):
            # Until the account is known: the database may fail while it is asked, and the thread still speaks
            # the language of the answer before.
            translation.activate(self.of_browser(request))
            language, zone = self.of_staff(request)
            timezone.activate(zone)
        else:
            language = "en" if path == "/en" or path.startswith("/en/") else settings.LANGUAGE_CODE
            # Said, not left to the default: that is found by way of an error each time a page asks for it.
            timezone.activate(timezone.get_default_timezone())
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        if is_staff_path(path):
            patch_vary_headers(response, ("Accept-Language",))
        return response

    def of_staff(self, request: HttpRequest) -> tuple[str, ZoneInfo]:
        """Return language and zone of the user at the desk."""
        user = get_user(request)
        if isinstance(user, User):
            return user.language, user.zone_info
        return self.of_browser(request), ZoneInfo(settings.TIME_ZONE)

    def of_browser(self, request: HttpRequest) -> str:
        """Return the first of our languages that Accept-Language names, Indonesian when it names none or is absurd."""
        header: str = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        if len(header) <= ACCEPT_LANGUAGE_MAX:
            ours = dict(settings.LANGUAGES)
            for entry in header.split(","):
                language = entry.partition(";")[0].strip().lower().partition("-")[0]
                if language in ours:
                    return language
        return str(settings.LANGUAGE_CODE)
