"""App configurations of the root package."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class NewsroomConfig(AppConfig):
    """The root: settings, URLs, the desk, health, commands."""

    name = "newsroom"


class DeskAdminConfig(AdminConfig):
    """Puts the desk in the place of Django's default admin site."""

    default_site = "newsroom.desk.DeskSite"
