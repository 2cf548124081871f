"""Configuration of the articles app."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from articles import database
from articles.checks import check_pillow
from articles.search import sqlite


class ArticlesConfig(AppConfig):
    """Stories: working copies, revisions, publications."""

    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        """Guard the publications after every migration, and have the guards checked."""
        # Needs the models, which are there by now and not before.
        from articles import signals

        post_migrate.connect(signals.guard_publications, sender=self)
        post_migrate.connect(signals.prepare_search, sender=self)
        checks.register(database.check_guards, checks.Tags.database)
        checks.register(sqlite.check_index, checks.Tags.database)
        checks.register(check_pillow, checks.Tags.compatibility)
