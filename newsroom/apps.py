"""App configurations of the root package."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class NewsroomConfig(AppConfig):
    """The root: settings, URLs, the desk, health, commands."""

    name = "newsroom"

    def ready(self) -> None:
        """Register the system checks and the way staff log in (modules that need all models loaded)."""
        import_module("newsroom.checks")
        import_module("newsroom.accounts.notes").guard(admin.site)


class DeskAdminConfig(AdminConfig):
    """Puts the desk in the place of Django's default admin site."""

    default_site = "newsroom.desk.DeskSite"
