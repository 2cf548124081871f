"""Configuration of the articles app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    """Stories: working copies, revisions, publications."""

    name = "articles"
    verbose_name = _("Articles")
