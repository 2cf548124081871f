"""The rule book: the limits of the rules as the desk has set them, read fresh wherever they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from comments.models import RuleBook
from comments.models.rulebook import PK
from newsroom.core import audit, surfaces
from newsroom.core.models import User
from newsroom.core.prepared import Prepared

# What the desk sets. `close_after_days` alone is seen by readers.
FIELDS = (
    "links_allowed",
    "min_seconds",
    "address_limit",
    "network_limit",
    "twin_days",
    "longest_unread",
    "holds_first_time",
    "holds_brands",
    "holds_disguise",
    "close_after_days",
)


COLUMNS = [field.attname for field in RuleBook._meta.concrete_fields]
CURRENT = Prepared(
    lambda: RuleBook.objects.filter(pk=PK).values_list(*COLUMNS),
    lambda *row: RuleBook.from_db("default", COLUMNS, row),
)


class Overtaken(Exception):
    """Somebody changed the rule book since it was opened."""


def current() -> RuleBook:
    """Return the rule book as it stands, the defaults where nobody set anything; one query by primary key.

    Nothing keeps it between two comments, so a change holds for every process from the next comment on.
    """
    return CURRENT.first() or RuleBook(pk=PK)


def change(values: Mapping[str, int | bool | None], *, version: int, by: User, at: datetime) -> RuleBook:
    """Set limits by name; what is not named stays. Raises Overtaken, ValidationError.

    The audit log keeps what each one was and became. Surfaces: all pages, and only when the age at which conversations
    close has changed, which stands under every story.
    """
    with transaction.atomic():
        RuleBook.objects.bulk_create([RuleBook(pk=PK)], ignore_conflicts=True)
        if not RuleBook.objects.filter(pk=PK, version=version).update(version=F("version") + 1):
            raise Overtaken
        book = RuleBook.objects.get(pk=PK)
        changed = [name for name in FIELDS if name in values and getattr(book, name) != values[name]]
        former = [getattr(book, name) for name in changed]
        for name in changed:
            setattr(book, name, values[name])
        book.full_clean(validate_constraints=False)
        book.save(update_fields=changed)
        now = [getattr(book, name) for name in changed]
        audit.record("rulebook.change", book, by=by, at=at, changed=changed, former=former, now=now)
        if "close_after_days" in changed:
            surfaces.bump(surfaces.site())
    return book
