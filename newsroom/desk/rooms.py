"""The rooms of the desk's header: only those that exist and that the user may enter."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Image
from comments import permissions
from comments.models import Comment, Status


@dataclass(frozen=True)
class Room:
    """One entry of the header."""

    name: str | Promise
    icon: str
    url: str
    is_current: bool
    # What waits there; 0 where nothing is counted.
    count: int = 0


def rooms_for(request: HttpRequest) -> list[Room]:
    """Return the rooms `request.user` may enter, in the order of the header. At most one query: waiting comments."""
    home = reverse("admin:index")
    rooms = [Room(_("My desk"), "desk", home, request.path == home)]
    articles = admin.site.is_registered(Article) and admin.site.get_model_admin(Article)
    if articles and articles.has_view_permission(request):
        url = reverse("admin:articles_article_changelist")
        rooms.append(Room(_("Articles"), "story", url, request.path.startswith(url)))
    if permissions.can_see_queue(request.user):
        url = reverse("admin:comments_queue")
        here = request.path.startswith(reverse("admin:comments_comment_changelist"))
        waiting = Comment.objects.filter(status=Status.PENDING).count()
        rooms.append(Room(_("Moderation"), "comment", url, here, waiting))
    pictures = admin.site.is_registered(Image) and admin.site.get_model_admin(Image)
    if pictures and pictures.has_view_permission(request):
        url = reverse("admin:articles_image_changelist")
        rooms.append(Room(_("Media"), "image", url, request.path.startswith(url)))
    return rooms
