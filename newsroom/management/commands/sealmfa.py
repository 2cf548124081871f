"""`manage.py sealmfa`: before a former SECRET_KEY goes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom.accounts import sealing


class Command(BaseCommand):
    """Seals the secrets of second factors under the present SECRET_KEY."""

    help = "Seal the secrets of all second factors under the first SECRET_KEY, so that former ones can go."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal them. Raises CommandError when some cannot be opened any more."""
        changed, lost = sealing.reseal()
        self.stdout.write(_("Sealed anew: %(count)d.") % {"count": changed})
        if lost:
            raise CommandError(
                _("No SECRET_KEY given opens %(count)d of them. Their owners need `resetmfa`.") % {"count": lost}
            )
