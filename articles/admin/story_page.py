"""What the pages around a story share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from articles.models import Article
from newsroom.core.models import User

View = Callable[..., HttpResponseBase]


def page_context(model_admin: admin.ModelAdmin, request: HttpRequest, story: Article, title: str) -> dict[str, Any]:
    """Return what every page about one story shows around its content."""
    return {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "story": story,
        "title": title,
        "editor_url": editor_url(story),
    }


def staff(request: HttpRequest) -> User:
    """Return who is at work: the admin lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def editor_url(story: Article) -> str:
    """Return the address of the story's editor."""
    return reverse("admin:articles_article_change", args=[story.pk])
