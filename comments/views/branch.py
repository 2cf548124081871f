"""One branch of a thread on a page of its own; also the permanent address of each comment."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from comments import threads, tree
from comments.outline import entries, number
from comments.views._story import story


@require_safe
def branch(request: HttpRequest, article_id: int, comment_id: int) -> HttpResponse:
    """Show the branch a comment stands in (`?after=<id>`: its further replies)."""
    at = timezone.now()
    after = number(request.GET.get("after"))
    page = tree.branch(comment_id, at=at, after=after) if after else tree.permalink(comment_id, at=at)
    if page is None or page.article_id != article_id:
        raise Http404
    about = story(article_id, at=at)
    standing = threads.standing(article_id, at=at)
    with translation.override(about.language):
        is_open = standing is not None and standing.is_open
        entry = entries(page.root, article_id=article_id, is_open=is_open)
        context = {"story": about, "page": page, "entry": entry}
        response = render(request, "comments/branch.html", context)
    response.headers["Content-Language"] = about.language
    patch_cache_control(response, max_age=0, must_revalidate=True)
    return response
