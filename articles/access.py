"""Fetching stories for a user: what they may not see does not exist, what they may not do is refused."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404

from articles import permissions
from articles.models import Article
from articles.permissions import Visitor

Predicate = Callable[[Visitor, Article], bool]


def readable(user: Visitor) -> QuerySet[Article]:
    """Return the stories that `permissions.can_view` lets the user read."""
    if not user.has_perm("articles.view_article"):
        return Article.objects.none()
    everything = Q() if user.has_perm("articles.change_article") else Q(approved_revision__isnull=False)
    return Article.objects.filter(everything)


def article(user: Visitor, article_id: object, may: Predicate = permissions.can_view) -> Article:
    """Return the story if the user may see it and do with it what `may` asks (`permissions.can_publish`).

    Raises Http404 when there is none or the user may not see it, PermissionDenied when they may see it and no more.
    """
    try:
        found = readable(user).filter(pk=Article._meta.pk.to_python(article_id)).first()
    except (ValidationError, OverflowError):
        found = None
    if found is None:
        raise Http404
    if not may(user, found):
        raise PermissionDenied
    return found
