"""`manage.py updatecatalogues`: brings the catalogues of translations in step with the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from newsroom import catalogues


class Command(BaseCommand):
    """For whoever changes words: run it, translate what it leaves empty, commit."""

    help = "Writes every string of the code into the catalogues, and says how many wait for a translation."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Update all of them."""
        for home in catalogues.HOMES:
            for language in catalogues.LANGUAGES:
                empty = catalogues.untranslated(catalogues.update(home, language))
                path = catalogues.path_of(home, language).relative_to(catalogues.ROOT)
                self.stdout.write(f"{path}: {len(empty)} to translate")
