"""What the views of the queue share: who asks, where they go next, and how a refusal reads."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from comments import permissions
from comments.admin.selection import Selection
from comments.moderation import desk
from newsroom.core.models import User


class SeeOther(HttpResponseRedirect):
    """303: the answer to a POST stands elsewhere and is read by GET."""

    status_code = 303


def reader_of(request: HttpRequest) -> User:
    """Return the member of staff who may see the queue. Raises PermissionDenied."""
    if isinstance(request.user, User) and permissions.can_see_queue(request.user):
        return request.user
    raise PermissionDenied


def moderator_of(request: HttpRequest) -> User:
    """Return the member of staff who may decide. Raises PermissionDenied."""
    if isinstance(request.user, User) and permissions.can_moderate(request.user):
        return request.user
    raise PermissionDenied


def card_url(comment_id: int, selection: Selection) -> str:
    """Return a card's address. The fragment puts the focus on the card, with or without JavaScript."""
    return reverse("admin:comments_card", args=[comment_id]) + selection.suffix + "#card"


def queue_url(selection: Selection) -> str:
    """Return the address of a selection."""
    return reverse("admin:comments_queue") + selection.suffix


def stale_words(stale: desk.StaleDecision) -> str:
    """Say who was faster."""
    if stale.decision is None:
        return _("The comment has changed since you opened it.")
    return _("%(name)s has decided this already: %(status)s.") % {
        "name": stale.decision.by or _("The system"),
        "status": stale.decision.get_to_status_display(),
    }
