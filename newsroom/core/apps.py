"""Configuration of the kernel app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The kernel: accounts, audit, tasks, mail, text. Imports nothing else of ours."""

    name = "newsroom.core"
    label = "core"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        """Register the checks, and what must hold after every migration."""
        appendonly, groups, _checks = (
            import_module(f"newsroom.core.{name}") for name in ("appendonly", "groups", "checks")
        )
        post_migrate.connect(appendonly.install, sender=self, dispatch_uid="core.appendonly")
        # Without a sender: the last app's permissions exist once the last app has sent its signal.
        post_migrate.connect(groups.grant, dispatch_uid="core.groups")
