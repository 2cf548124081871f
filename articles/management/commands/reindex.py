"""`manage.py reindex`: write anew what searching reads."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.search import entries


class Command(BaseCommand):
    """Needed after a change of how words are read. Readers can search meanwhile."""

    help = "Write the search entries of all published and planned stories anew, and delete those of the past."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say how many there are."""
        number = entries.reindex(at=timezone.now())
        self.stdout.write(f"{number} stories can be found.")
