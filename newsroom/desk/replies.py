"""The board's part about the right of reply: what waits for an answer, and when it is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from articles import permissions
from articles.admin.corrections import waiting_for
from articles.models import ReplyRequest
from newsroom.core.deadlines import clock_for
from newsroom.core.models import User
from newsroom.desk.parts import Ahead, Figure

# As many deadlines as the strip of the next 48 hours shows of one kind.
ROWS = 5


class Replies:
    """Requests that wait for one user; one query, none for whoever decides on none."""

    def __init__(self, user: User, at: datetime) -> None:
        self.at = at
        self.may_see = permissions.can_see_replies(user)
        found = waiting_for(user).select_related("article") if self.may_see else ReplyRequest.objects.none()
        self.waiting = list(found.only("received_at", "due_at", "article__title"))

    def figures(self) -> Iterator[Figure]:
        """Yield how many wait, and how the oldest stands."""
        if not self.may_see:
            return
        url = reverse("admin:articles_replyrequest_changelist") + "?state__exact=waiting&is_doubtful__exact=0"
        clock = clock_for(self.waiting[0].received_at, at=self.at) if self.waiting else None
        level = {"past": "stop", "urgent": "stop", "due": "due"}.get(clock.level, "calm") if clock else "calm"
        yield Figure("replies", len(self.waiting), _("Right of reply"), url, clock.words if clock else "", level)

    def ahead(self) -> Iterator[Ahead]:
        """Yield the moments at which answers are due."""
        for request in self.waiting[:ROWS]:
            if request.due_at >= self.at:
                title = _("Right of reply: %(title)s") % {"title": request.article.title}
                url = reverse("admin:articles_replyrequest_change", args=[request.pk])
                yield Ahead(request.due_at, "deadline", title, url)
