"""Views of the queue that a moderator keeps under a name."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comments.models import SavedView
from newsroom.core import audit
from newsroom.core.models import User
from newsroom.core.text import clean_line

# Each is counted on every page of the queue.
MOST = 8
NAME_LENGTH = 40
QUERY_LENGTH = 500


class ViewError(Exception):
    """A view that cannot be kept."""


class TooManyViews(ViewError):
    """The person keeps as many as there may be."""


def keep(name: str, query: str, *, by: User, at: datetime) -> SavedView:
    """Keep a selection under a name; the same name again replaces what it stood for. Raises ViewError."""
    name = clean_line(name)
    if not name or len(name) > NAME_LENGTH or len(query) > QUERY_LENGTH:
        raise ViewError(name)
    with transaction.atomic():
        others = SavedView.objects.select_for_update().filter(owner=by).exclude(name=name)
        if len(others) >= MOST:
            raise TooManyViews(str(MOST))
        view, _made = SavedView.objects.update_or_create(owner=by, name=name, defaults={"query": query})
        audit.record("view.keep", view, by=by, at=at)
    return view


def drop(view_id: int, *, by: User, at: datetime) -> None:
    """Forget one's own view; another person's stays."""
    with transaction.atomic():
        view = SavedView.objects.filter(owner=by, pk=view_id).first()
        if view is not None:
            audit.record("view.drop", view, by=by, at=at)
            view.delete()
