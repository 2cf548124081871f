"""What stands at the door of the desk."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from newsroom.accounts import second_factor
from newsroom.core.middleware import is_staff_path
from newsroom.core.sessions import SessionStore

GetResponse = Callable[[HttpRequest], HttpResponseBase]

DESK = "/admin/"
# What somebody without a second factor may still do at the desk: leave, and change its language.
OPEN = ("admin:logout", "admin:language")


class DoorMiddleware:
    """Notes that a session is in use, and leads who needs a second factor to setting it up before anything else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_staff_path(request.path_info) and request.user.is_authenticated:
            if isinstance(request.session, SessionStore):
                request.session.seen(at=timezone.now())
            if self.is_closed(request):
                return HttpResponseRedirect(f"{reverse('mfa_activate_totp')}?required=1")
        return self.get_response(request)

    def is_closed(self, request: HttpRequest) -> bool:
        """Say whether this page has to wait for the second factor."""
        path = request.path_info
        if not path.startswith(DESK) or path in {reverse(name) for name in OPEN}:
            return False
        return second_factor.is_missing(request.user)
