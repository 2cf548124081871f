"""`manage.py createadmin`: the first account, or one more that may do everything."""

from __future__ import annotations

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts import people
from newsroom.accounts.forms import NO_ADDRESS
from newsroom.core.models import User


class Command(BaseCommand):
    """Makes a superuser: with a password typed here, or with a link by which the person chooses one."""

    help = "Make an account that may do everything. Asks for a password, or prints a link with --link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="The person's e-mail address.")
        parser.add_argument(
            "--username",
            default="",
            help="User name; the part before the @ when not given. With --link, the person may still change it.",
        )
        parser.add_argument("--link", action="store_true", help="Print (and mail) a link instead of asking here.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account. Raises CommandError for an address or a name that is taken, or none."""
        email, username = options["email"].strip(), options["username"].strip()
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(_("Another account has this address."))
        self.refuse_unfit(username)
        password = "" if options["link"] else self.ask(User(username=username, email=email))
        at = timezone.now()
        try:
            link = people.invite(
                email=email, username=username, groups=(), is_superuser=True, by=None, at=at, is_mailed=not password
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not password:
            self.stdout.write(_("Open this link within %(days)d days: %(url)s") % {"days": 7, "url": link.url})
            return
        name = link.invitation.user.username
        people.take_up(link.invitation, username=name, first_name="", last_name="", password=password, at=at)
        self.stdout.write(_("Made: %(name)s may log in.") % {"name": name})

    def refuse_unfit(self, username: str) -> None:
        """Raise CommandError for a name that nobody could log in with, or that somebody has; none at all is fine."""
        if not username:
            return
        try:
            User.username_validator(username)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if "@" in username:
            raise CommandError(NO_ADDRESS)
        if User.objects.filter(username__iexact=username).exists():
            raise CommandError(_("Somebody has this user name already."))

    def ask(self, user: User) -> str:
        """Return a password typed twice that the newsroom's rules accept."""
        while True:
            password = getpass(_("Password:") + " ")
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            if getpass(_("Password again:") + " ") == password:
                return password
            self.stderr.write(_("The two passwords are not the same."))
