"""Fetching comments and decisions for a user: what they may not see does not exist, what they may not do is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404

from comments import permissions
from comments.models import Comment, Decision, WatchedWord
from comments.permissions import Visitor

Row = TypeVar("Row", bound=Model)
Predicate = Callable[[Visitor], bool]


def readable(user: Visitor) -> QuerySet[Comment]:
    """Return the comments the user may read at the desk, in whatever state."""
    return Comment.objects.all() if permissions.can_see_queue(user) else Comment.objects.none()


def comment(user: Visitor, comment_id: object, may: Predicate = permissions.can_see_queue) -> Comment:
    """Return a comment with its thread and story if the user may do with it what `may` asks.

    Raises Http404 when there is none or the user may not see it, PermissionDenied when they may see it and no more.
    """
    found = _get(readable(user).select_related("thread__article"), comment_id)
    if not may(user):
        raise PermissionDenied
    return found


def decision(user: Visitor, decision_id: object, may: Predicate = permissions.can_see_queue) -> Decision:
    """Return a decision with its comment, as `comment` does."""
    rows = Decision.objects.select_related("comment__thread__article", "by")
    found = _get(rows if permissions.can_see_queue(user) else rows.none(), decision_id)
    if not may(user):
        raise PermissionDenied
    return found


def watched_word(user: Visitor, word_id: object, may: Predicate = permissions.can_keep_words) -> WatchedWord:
    """Return a watched word, as `comment` does."""
    rows = WatchedWord.objects.all() if permissions.can_see_words(user) else WatchedWord.objects.none()
    found = _get(rows, word_id)
    if not may(user):
        raise PermissionDenied
    return found


def _get(rows: QuerySet[Row], pk: object) -> Row:
    """Return the row with that id, whatever was sent as one. Raises Http404."""
    try:
        found = rows.filter(pk=rows.model._meta.pk.to_python(pk)).first()
    except (ValidationError, OverflowError):
        found = None
    if found is None:
        raise Http404
    return found
