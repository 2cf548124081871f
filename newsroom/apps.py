"""App configurations of the root package."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate


class NewsroomConfig(AppConfig):
    """The root: settings, URLs, the desk, health, commands."""

    name = "newsroom"

    def ready(self) -> None:
        """Register the system checks and the way staff log in (modules that need all models loaded)."""
        import_module("newsroom.checks")
        import_module("newsroom.accounts.notes").guard(admin.site)
        post_migrate.connect(seal_second_factors, sender=apps.get_app_config("mfa"), dispatch_uid="accounts.sealing")


def seal_second_factors(**kwargs: Any) -> None:
    """Seal what an earlier version stored as it was; ciphers are loaded for that alone."""
    import_module("newsroom.accounts.sealing").seal_former(**kwargs)


class DeskAdminConfig(AdminConfig):
    """Puts the desk in the place of Django's default admin site."""

    default_site = "newsroom.desk.DeskSite"
