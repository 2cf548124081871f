"""allauth's account handling for a desk: the newsroom's own limits, addresses and mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from newsroom.accounts import devices
from newsroom.core import http, mail, ratelimit, text
from newsroom.core.models import User

# Log-ins of one client and of its network, and tries at one account from one client and from everywhere.
WINDOW = timedelta(minutes=10)
PER_CLIENT = 30
PER_NETWORK = 120
PER_ACCOUNT_AND_CLIENT = 10
PER_ACCOUNT = 100
# Tries in a browser that has logged in to the account before; nobody else's count against it.
PER_DEVICE = 10


class StaffAdapter(DefaultAccountAdapter):
    """Nobody signs up, limits hold across processes, mail goes by the outbox, links lead to SITE_URL."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: accounts are given by an administrator."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address behind our own proxies, never one the client wrote."""
        return http.client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try before the password is looked at. Raises ValidationError beyond the limits."""
        account = text.fold(str(credentials.get("username") or credentials.get("email") or ""))
        if not may_try(request, account, at=timezone.now()):
            raise self.validation_error("too_many_login_attempts")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Finish a log-in, second factor included, and mark the browser."""
        response = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user, at=timezone.now())
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail into the outbox: the answer takes as long for an address we know as for one we do not."""
        message = self.render_mail(template_prefix, email, context)
        mail.queue_text(
            mail.once("account"), email, str(message.subject), str(message.body), at=timezone.now(), kind="receipt"
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link to a new password, on SITE_URL whatever Host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return http.site_origin() + path.replace("UID-KEY", quote(key))


def may_try(request: HttpRequest, account: str, *, at: datetime) -> bool:
    """Count one try at `account` and say whether its password may be looked at.

    The limit of one account is far above that of one account and client together, and a browser that has logged in to
    the account before has a limit of its own: so nobody can lock another out by guessing, and a guesser with many
    addresses is still slowed down.
    """
    mark = devices.known(request, account, at=at)
    if mark is not None:
        return ratelimit.hit("login.device", mark, limit=PER_DEVICE, window=WINDOW, at=at)
    address = http.client_address(request)
    return (
        ratelimit.hit_address("login", address, limit=PER_CLIENT, network_limit=PER_NETWORK, window=WINDOW, at=at)
        and ratelimit.hit("login.pair", f"{account}\0{address}", limit=PER_ACCOUNT_AND_CLIENT, window=WINDOW, at=at)
        and ratelimit.hit("login.account", account, limit=PER_ACCOUNT, window=WINDOW, at=at)
    )
