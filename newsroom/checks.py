"""System checks of the settings: every wrong or missing one by name, with its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured


@register(Tags.security)
def check_environment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report what newsroom.env found wrong while the settings were read."""
    return [Error(found.message, hint=found.hint, id=found.id) for found in getattr(settings, "ENV_PROBLEMS", ())]


@register(Tags.security)
def check_transport(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Log-ins over plain http can be read on the way, so only a machine's own loopback may do without https."""
    site = str(settings.SITE_URL)
    if site.startswith("https://") or not site or not hasattr(settings, "HOST") or is_local(site):
        return []
    return [
        Warning(
            "SITE_URL is plain http: passwords and sessions of the desk can be read on the way.",
            hint="Put a web server with a certificate in front and set SITE_URL=https://...",
            id="newsroom.W001",
        )
    ]


def is_local(site: str) -> bool:
    """Say whether a site's address is this machine's loopback."""
    return site.startswith(("http://localhost", "http://127.0.0.1", "http://[::1]"))


def insist() -> None:
    """Raise ImproperlyConfigured, naming all of it, when the settings are wrong: for servers, which run no checks."""
    errors = [message for message in run_checks(tags=[Tags.security]) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))
