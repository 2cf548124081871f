"""What allauth does to accounts, guarded and written down: log-ins, passwords, second factors. Ids and kinds alone."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.admin import AdminSite
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from newsroom.accounts import devices
from newsroom.core import audit, http, sessions
from newsroom.core.models import User

logger = logging.getLogger("newsroom.login")


def guard(site: AdminSite) -> None:
    """Send the admin's log-ins to allauth, which knows second factors; whoever is logged in and no staff gets 403."""
    site.login = secure_admin_login(site.login)  # type: ignore[method-assign]


@receiver(user_logged_in)
def note_log_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Write down who has come to the desk, and in the session where from."""
    at = timezone.now()
    request.session[sessions.DEVICE] = devices.words(request.META.get("HTTP_USER_AGENT", ""))
    request.session[sessions.NETWORK] = devices.network(http.client_address(request))
    request.session[sessions.BEGAN] = at.isoformat()
    audit.record("user.log_in", user, by=user, at=at)


@receiver(user_login_failed)
def note_failure(request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Log that a password was wrong; no name, since people type their password into the wrong field."""
    logger.warning("Log-in failed from %s.", http.client_address(request) if request else "a command")


@receiver(password_changed)
def note_password(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Write a new password down; whoever is logged in elsewhere has to log in with it."""
    sessions.end(user, but=request.session.session_key)
    audit.record("user.password_change", user, by=user, at=timezone.now())


@receiver(password_reset)
def note_reset(user: User, **_kwargs: Any) -> None:
    """Write down a password chosen by a mailed link; it ends all sessions."""
    sessions.end(user)
    audit.record("user.password_reset", user, by=user, at=timezone.now())


@receiver(authenticator_added)
def note_second_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Write a new second factor down, and end the sessions that came in without it."""
    if authenticator.type == Authenticator.Type.TOTP:
        sessions.end(user, but=request.session.session_key)
    audit.record("user.second_factor_add", user, by=user, at=timezone.now(), kind=str(authenticator.type))


@receiver(authenticator_removed)
def note_second_factor_gone(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Write down that a second factor was given up."""
    audit.record("user.second_factor_remove", user, by=user, at=timezone.now(), kind=str(authenticator.type))


@receiver(authenticator_reset)
def note_new_codes(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Write down that recovery codes were made anew."""
    audit.record("user.second_factor_renew", user, by=user, at=timezone.now(), kind=str(authenticator.type))
