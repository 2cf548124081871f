"""How staff log in: allauth, with the desk's own limits and mail."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.decorators import secure_admin_login
from allauth.mfa.totp.views import activate_totp
from csp.decorators import csp_update
from django.contrib.admin import AdminSite
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from newsroom.core import audit, http, mail, ratelimit, text
from newsroom.core.models import User

logger = logging.getLogger("newsroom.login")

# Log-ins of one client and of its network, and tries at one account from one network and from everywhere.
WINDOW = timedelta(minutes=10)
PER_CLIENT = 30
PER_NETWORK = 120
PER_ACCOUNT_AND_CLIENT = 10
PER_ACCOUNT = 100


def guard(site: AdminSite) -> None:
    """Send the admin's log-ins to allauth, which knows second factors; whoever is logged in and no staff gets 403."""
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]


class StaffAdapter(DefaultAccountAdapter):
    """allauth's account handling for a desk: nobody signs up, limits hold across processes, mail goes by the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: accounts are given by an administrator."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address behind our own proxies, never one the client wrote."""
        return http.client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try before the password is looked at. Raises ValidationError beyond the limits.

        The limit of one account is far above that of one account and client together, so that nobody can lock another
        out by guessing, and a guesser with many addresses is still slowed down.
        """
        at = timezone.now()
        address = http.client_address(request)
        account = text.fold(str(credentials.get("username") or credentials.get("email") or ""))
        allowed = (
            ratelimit.hit_address("login", address, limit=PER_CLIENT, network_limit=PER_NETWORK, window=WINDOW, at=at)
            and ratelimit.hit("login.pair", f"{account}\0{address}", limit=PER_ACCOUNT_AND_CLIENT, window=WINDOW, at=at)
            and ratelimit.hit("login.account", account, limit=PER_ACCOUNT, window=WINDOW, at=at)
        )
        if not allowed:
            raise self.validation_error("too_many_login_attempts")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail into the outbox: the answer takes as long for an address we know as for one we do not."""
        message = self.render_mail(template_prefix, email, context)
        mail.queue_text(
            mail.once("account"), email, str(message.subject), str(message.body), at=timezone.now(), kind="receipt"
        )


# The picture of the key to scan is a data: URI, on this page alone.
activate_totp_with_picture = csp_update({"img-src": ["data:"]})(activate_totp)


@receiver(user_logged_in)
def note_log_in(user: User, **_kwargs: Any) -> None:
    """Write down who has come to the desk."""
    audit.record("user.log_in", user, by=user, at=timezone.now())


@receiver(user_login_failed)
def note_failure(request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Log that a password was wrong; no name, since people type their password into the wrong field."""
    logger.warning("Log-in failed from %s.", http.client_address(request) if request else "a command")
