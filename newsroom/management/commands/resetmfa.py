"""`manage.py resetmfa`: for somebody who lost phone and recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts import second_factor
from newsroom.core.models import User


class Command(BaseCommand):
    """Removes a second factor. On the shell alone: at the desk, a stolen administrator's session could do it."""

    help = "Remove the second factor of an account and end its sessions. Be sure who asks you to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="User name or e-mail address.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove it. Raises CommandError when there is no such account, or more than one."""
        given = options["account"].strip()
        found = list(User.objects.filter(Q(username__iexact=given) | Q(email__iexact=given))[:2])
        if len(found) != 1:
            raise CommandError(_("No account has this name or address, or more than one has."))
        if second_factor.reset(found[0], by=None, at=timezone.now()):
            self.stdout.write(_("Removed. The next log-in needs the password alone."))
        else:
            self.stdout.write(_("The account had no second factor. Its sessions were ended."))
