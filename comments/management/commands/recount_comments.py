"""`manage.py recount_comments`: are the stored counts of all threads right?"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comments import recount


class Command(BaseCommand):
    """Report drifts as an error; correct them when asked."""

    help = "Count all comment threads again and report every stored figure that is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--repair", action="store_true", help="correct what is wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count. A drift is a fault of the software, so it ends in an error even where it was repaired."""
        found = list(recount.drifts())
        for drift in found:
            self.stderr.write(str(drift))
        if options["repair"]:
            for thread_id in sorted({drift.thread_id for drift in found}):
                recount.repair(thread_id, by=None, at=timezone.now())
        if found:
            done = "repaired" if options["repair"] else "run again with --repair to correct them"
            raise CommandError(f"{len(found)} figures were wrong; {done}. Please report this.")
        self.stdout.write("All counts are right.")
