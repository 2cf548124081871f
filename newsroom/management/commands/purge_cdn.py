"""`manage.py purge_cdn`: after a restore, or an update that changes how pages look."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom.core.cdn import Refused


class Command(BaseCommand):
    """Empties the cache in front. No change in the database tells the worker that every page is another now."""

    help = "Have the cache in front (CDN) drop everything it keeps of the site."

    def handle(self, *args: Any, **options: Any) -> None:
        """Drop it all. Raises CommandError when no cache is named, or it refuses."""
        if settings.CDN is None:
            raise CommandError(_("No cache in front is named: set CDN, CDN_PURGE_URL and CDN_PURGE_TOKEN."))
        try:
            settings.CDN.forget_everything()
        except Refused as refused:
            raise CommandError(_("The cache in front did not do it: %(why)s.") % {"why": refused}) from None
        self.stdout.write(_("The cache in front was told to drop everything."))
