"""The receipt of a comment, for whoever sent it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments.models import Comment, Status
from comments.views._story import story
from newsroom.core import tokens

PURPOSE = "comments.receipt"
MAX_AGE = timedelta(days=7)


def receipt_url(comment_id: int, *, sent_at: datetime) -> str:
    """Return the address of a comment's receipt: the same each time, so that a repeated post gets the same answer."""
    return reverse("comments:received", args=[tokens.make(PURPOSE, str(comment_id), at=sent_at)])


@never_cache
@require_safe
def received(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was sent and what became of it. Spam looks as if it were waiting."""
    at = timezone.now()
    try:
        comment_id = tokens.read(PURPOSE, token, max_age=MAX_AGE, at=at)
    except tokens.Invalid:
        raise Http404 from None
    except tokens.Stale:
        return render(request, "comments/received.html", {"is_over": True}, status=410)
    comment = get_object_or_404(Comment.objects.select_related("thread"), pk=comment_id)
    about = story(comment.thread.article_id, at=at)
    is_refused = comment.status in (Status.REJECTED, Status.REMOVED)
    with translation.override(about.language):
        context = {"is_over": False, "story": about, "comment": comment, "is_refused": is_refused}
        response = render(request, "comments/received.html", context)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Language"] = about.language
    return response
