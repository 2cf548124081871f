"""`manage.py demo`: the demo newsroom, put in or taken out."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError
from django.utils import timezone

from newsroom.demo import accounts, loading, removing


class Command(BaseCommand):
    """Puts the demo newsroom in, once; or takes it out."""

    help = "Loads the demo newsroom with its stories, comments and accounts; does nothing where it stands already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one of the two options, or none."""
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--if-empty", action="store_true", help="only into a newsroom without stories and sections")
        choice.add_argument("--remove", action="store_true", help="take out all that the demo brought in")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say where the log-ins stand."""
        if options["remove"]:
            self.remove()
        elif loading.is_loaded():
            self.say_logins("The demo newsroom stands already; nothing was changed.")
        elif options["if_empty"] and not loading.is_empty():
            self.stdout.write("The newsroom has content of its own; the demo was not loaded.")
        else:
            self.load()

    def load(self) -> None:
        """Put the demo in."""
        try:
            loading.load(at=timezone.now())
        except IntegrityError as error:
            raise CommandError(
                "The demo needs a name that is taken (a section, topic, contributor or account): "
                f"{error}. Nothing was loaded. Load it into an empty newsroom."
            ) from error
        except OSError as error:
            raise CommandError(
                f"The log-ins could not be kept in {accounts.logins_path()} ({error.strerror}). Nothing was loaded. "
                "Give this user the right to write there, or set NEWSROOM_VAR to another folder."
            ) from error
        self.say_logins("The demo newsroom is loaded.")

    def remove(self) -> None:
        """Take the demo out."""
        if not loading.is_loaded():
            self.stdout.write("No demo newsroom stands here; nothing was changed.")
            return
        kept = removing.remove(at=timezone.now())
        self.stdout.write("The demo newsroom is removed. Its accounts can no longer log in.")
        for row in kept:
            self.stdout.write(f"  kept, since the newsroom uses it: {row._meta.verbose_name} {row}")

    def say_logins(self, sentence: str) -> None:
        """Print what happened and the log-ins."""
        self.stdout.write(sentence)
        path = accounts.logins_path()
        if path.exists():
            self.stdout.write(f"\n{path.read_text(encoding='utf-8')}\nThey are kept in {path}.")
        else:
            self.stdout.write(f"The log-ins are no longer in {path}; set a new password: manage.py changepassword ed")
