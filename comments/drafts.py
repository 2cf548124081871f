"""What a reader typed: cleaned, checked, and named so that a repeat of it is known."""

from __future__ import annotations

import hmac
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.moderation.folding import read
from newsroom.core.text import clean_line, clean_text

# A repeat of the same comment within this time is the same comment.
BUCKET = timedelta(minutes=10)
# Shorter texts ("Setuju!") are written by many people on their own.
TWIN_LENGTH = 20
# The longest a field may be, in code points; the columns hold as much.
LIMITS = {"name": 80, "email": 254, "text": 5000}


@dataclass(frozen=True)
class Draft:
    """A comment as typed, control and bidi characters taken out; lengths are checked, never cut."""

    article_id: int
    # None: it answers the story.
    reply_to_id: int | None
    name: str
    email: str
    text: str

    @classmethod
    def typed(cls, article_id: int, reply_to_id: int | None, name: str, email: str, text: str) -> Draft:
        """Return the draft of what stood in the form."""
        return cls(article_id, reply_to_id, clean_line(name), clean_line(email), clean_text(text))

    def errors(self) -> dict[str, str]:
        """Return field -> what is wrong with it and the remedy, in the language of the request."""
        checked = {name: self._error(name) for name in LIMITS}
        return {name: error for name, error in checked.items() if error}

    def _error(self, name: str) -> str:
        """Return what is wrong with one field, "" when nothing is."""
        value = getattr(self, name)
        if not value:
            return EMPTY[name]()
        limit = LIMITS[name]
        if len(value) > limit:
            return _too_long(len(value) - limit, limit)
        if name == "email":
            try:
                validate_email(value)
            except ValidationError:
                return _("This is not an e-mail address. Write it in full, like name@example.com.")
        return ""

    def keys(self, at: datetime) -> tuple[str, str, str]:
        """Return the idempotency keys of the ten minutes before, of now, and after (for hosts whose clocks differ)."""
        now = int(at.timestamp() // BUCKET.total_seconds())
        return self._key(now - 1), self._key(now), self._key(now + 1)

    def _key(self, bucket: int) -> str:
        who = (read(self.name).essence, read(self.email).essence)
        return _keyed("comments.repeat", (self.article_id, self.reply_to_id, *who, self.text, bucket))

    def lock(self) -> None:
        """Let identical posts through one at a time, until the transaction ends.

        The unique key alone would let two through that fall on both sides of the end of ten minutes, and count all of
        them against the sender's limit. SQLite has one writer at a time anyway.
        """
        if connection.vendor == "postgresql":
            (number,) = struct.unpack("q", bytes.fromhex(self._key(0))[:8])
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])

    @cached_property
    def text_hash(self) -> str:
        """A keyed hash of the words alone; "" for texts too short to tell who wrote them first."""
        essence = read(self.text).essence
        return _keyed("comments.twin", (essence,)) if len(essence) >= TWIN_LENGTH else ""


EMPTY = {
    "name": lambda: _("Write the name under which your comment shall appear."),
    "email": lambda: _("Write your e-mail address. It is never shown."),
    "text": lambda: _("Write your comment."),
}


def _too_long(over: int, limit: int) -> str:
    """Say by how much a field is too long, and what to do."""
    message = ngettext(
        "%(over)d character too long: %(limit)d are allowed. Shorten it and send it again.",
        "%(over)d characters too long: %(limit)d are allowed. Shorten it and send it again.",
        over,
    )
    return message % {"over": over, "limit": limit}


def _keyed(purpose: str, parts: Iterable[object]) -> str:
    """Return a hash only this site can make; `parts` are kept apart by repr."""
    return hmac.new(settings.SECRET_KEY.encode(), repr((purpose, *parts)).encode(), "sha256").hexdigest()
