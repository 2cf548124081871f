"""Configuration of the demo newsroom."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The demo newsroom and the list of what belongs to it."""

    name = "newsroom.demo"
    label = "demo"
    verbose_name = _("Demo newsroom")
