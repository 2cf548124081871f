"""Configuration of the kernel app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The kernel: accounts, audit, tasks, mail, text. Imports nothing else of ours."""

    name = "newsroom.core"
    label = "core"
    verbose_name = _("Newsroom")
