"""The admin site: who gets in, what stands on every page, "My desk"."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, auth
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from newsroom.core.models import User


class DeskSite(admin.AdminSite):
    """The desk: editors and moderators work here."""

    site_header = "Newsroom"
    site_title = "Newsroom"
    index_title = _("My desk")
    enable_nav_sidebar = False
    empty_value_display = "–"

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:
        """Answer refusals in the desk's own dress, within its rooms."""

        @functools.wraps(view)
        def dressed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # PostgreSQL knows no text with a NUL in it, and the stock lists hand it whatever a filter says.
            if "%00" in request.META.get("QUERY_STRING", ""):
                return self.refuse(request, 404)
            try:
                return view(request, *args, **kwargs)
            except Http404:
                return self.refuse(request, 404)
            except PermissionDenied:
                return self.refuse(request, 403)

        return super().admin_view(dressed, cacheable)

    def refuse(self, request: HttpRequest, status: int) -> HttpResponse:
        """Return the desk's page for 403 or 404."""
        return TemplateResponse(
            request, "admin/refused.html", {**self.each_context(request), "status": status}, status=status
        )

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the stock list of all records, and the switch of the language."""
        own = [
            path("all/", self.admin_view(self.all_data), name="all_data"),
            path("language/", self.admin_view(self.language), name="language"),
        ]
        return own + super().get_urls()

    @method_decorator(require_safe)
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show "My desk": what burns, what waits, what is mine."""
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "at": timezone.now(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/index.html", context)

    @method_decorator(require_safe)
    def all_data(self, request: HttpRequest) -> HttpResponse:
        """Show every kind of record this user may see: the stock index."""
        context = {**self.each_context(request), "title": _("All data"), "app_list": self.get_app_list(request)}
        return TemplateResponse(request, "admin/all_data.html", context)

    @method_decorator(require_POST)
    def language(self, request: HttpRequest) -> HttpResponse:
        """Keep the language this user chose for the desk and go back to the page it was chosen on."""
        chosen = request.POST.get("language", "")
        if chosen in dict(settings.LANGUAGES) and isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
        return HttpResponseRedirect(_safe_next(request, request.POST))

    # The stock log-in form stands behind the newsroom's one log-in, with its limits and its second factor.
    @method_decorator(never_cache)
    @method_decorator(require_safe)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send who is not logged in to the log-in page, staff to where they were going. Others get 403."""
        if self.has_permission(request):
            return HttpResponseRedirect(_safe_next(request, request.GET))
        if request.user.is_authenticated:
            return self.refuse(request, 403)
        return redirect_to_login(_safe_next(request, request.GET), reverse("account_login"))

    @method_decorator(never_cache)
    @method_decorator(require_POST)
    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Log out and show the log-in page."""
        auth.logout(request)
        return HttpResponseRedirect(reverse("account_login"))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send to the newsroom's own page for it."""
        return HttpResponseRedirect(reverse("account_change_password"))


def _safe_next(request: HttpRequest, given: QueryDict) -> str:
    """Return the `next` given where it stays on this host, else the desk."""
    target = given.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("admin:index")
