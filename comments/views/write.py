"""Writing a comment: the form on a page of its own, and what comes of sending it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import posting, threads
from comments.forms import CommentForm, filled_form, form_age, is_fresh, own_form
from comments.models import Comment
from comments.outline import number
from comments.posting import Posted, Refused, Why
from comments.views._story import Story, story
from comments.views.received import receipt_url
from newsroom.core import http

logger = logging.getLogger(__name__)

STATUS = {
    Why.INVALID: 422,
    Why.CLOSED: 409,
    Why.REPLY_GONE: 409,
    Why.TOO_MANY: 429,
    Why.FOREIGN: 403,
}
RETRY_AFTER_SECONDS = 600


@never_cache
@csrf_exempt  # Guests have no session to forge; who has one is checked in `forged`.
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, article_id: int) -> HttpResponseBase:
    """Show the form of a story's comments, or of an answer (`?balas=<id>`), and take what it sends.

    The form under a story stands on a page that is the same for everybody, so it brings no cookie and no token of one
    reader. Whatever is wrong, the answer holds all that was typed.
    """
    at = timezone.now()
    about = story(article_id, at=at)
    with translation.override(about.language):
        response = send(request, about, at=at) if request.method == "POST" else form_page(request, about, at=at)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Language"] = about.language
    return response


def form_page(request: HttpRequest, about: Story, *, at: datetime) -> HttpResponse:
    """Show the empty form."""
    standing = threads.standing(about.article_id, at=at)
    if not about.is_live or standing is None or not standing.is_open:
        return closed_page(request, about, status=about.status)
    asked = number(request.GET.get("balas"))
    target = answered(asked, about)
    context = {
        "form": own_form(about.article_id, at=at, reply_to=target.pk if target else None),
        "target": target,
        "target_is_gone": asked is not None and target is None,
    }
    return write_page(request, about, context)


def send(request: HttpRequest, about: Story, *, at: datetime) -> HttpResponseBase:
    """Take a comment: 303 to its receipt, or the form again with all that was typed."""
    origin = http.origin_verdict(request)
    reply_to = number(request.POST.get("reply_to"))
    form = CommentForm(request.POST)
    if origin is not http.Origin.FOREIGN and about.is_live:
        if forged(request):
            message = _("You are logged in, so this has to be confirmed. Nothing is lost: please send it once more.")
            return again(request, about, reply_to, message=message, status=403, at=at)
        if not form.is_valid():
            return again(request, about, reply_to, status=422, at=at)
        if not is_fresh(form.cleaned_data["token"], about.article_id, at=at):
            message = _("This form had been open for days. Nothing is lost: please send it once more.")
            return again(request, about, reply_to, message=message, status=422, at=at)
    try:
        result = posting.post(
            article_id=about.article_id,
            reply_to_id=reply_to,
            name=request.POST.get("name", ""),
            email=request.POST.get("email", ""),
            text=request.POST.get("text", ""),
            honeypot=request.POST.get("website", ""),
            address=http.client_address(request),
            origin=origin,
            form_age=form_age(request.POST.get("token", ""), at=at),
            at=at,
        )
    except DatabaseError:
        # A full disk, a lock that lasts: what stands can still be read, and so the form be shown again.
        logger.exception("A comment could not be stored.")
        message = _(
            "Your comment could not be stored just now. Nothing is lost: wait a minute, then send it once more."
        )
        response = again(request, about, reply_to, message=message, status=503, at=at)
        response.headers["Retry-After"] = "60"
        return response
    if isinstance(result, Posted):
        response = redirect(receipt_url(result.comment_id, sent_at=result.at))
        response.status_code = 303
        return response
    return refused(request, about, reply_to, result, at=at)


def refused(request: HttpRequest, about: Story, reply_to: int | None, result: Refused, *, at: datetime) -> HttpResponse:
    """Say why a comment was not taken."""
    if result.why in (Why.NOT_FOUND, Why.CLOSED):
        status = about.status if not about.is_live else STATUS.get(result.why, 404)
        return closed_page(request, about, status=status, message=result.message)
    if result.why is Why.REPLY_GONE:
        reply_to = None
    message = "" if result.errors else result.message
    status = STATUS[result.why]
    response = again(request, about, reply_to, message=message, errors=result.errors, status=status, at=at)
    if result.why is Why.TOO_MANY:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def again(
    request: HttpRequest,
    about: Story,
    reply_to: int | None,
    *,
    status: int,
    at: datetime,
    message: str = "",
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    """Show the form with what was typed, what was wrong, and a fresh token."""
    if not about.is_live:
        return closed_page(request, about, status=status, message=message)
    form = filled_form(request.POST, about.article_id, at=at, reply_to=reply_to)
    form.is_valid()
    for name, error in (errors or {}).items():
        if not form.has_error(name):
            form.add_error(name, error)
    context = {"form": form, "target": answered(reply_to, about), "message": message}
    return write_page(request, about, context, status=status)


def write_page(request: HttpRequest, about: Story, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render the form's own page; whoever has a session gets the token that `forged` will ask for."""
    fixed = {"story": about, "has_session": has_session(request), "message": "", "target_is_gone": False}
    return render(request, "comments/write.html", fixed | context, status=status)


def closed_page(request: HttpRequest, about: Story, *, status: int, message: str = "") -> HttpResponse:
    """Say that no comments are taken here; what was typed stands there to be copied."""
    context = {"story": about, "message": message, "text": request.POST.get("text", "")}
    return render(request, "comments/closed.html", context, status=status)


def answered(comment_id: int | None, about: Story) -> Comment | None:
    """Return the comment that is answered, if readers see it under this story."""
    if comment_id is None or not about.is_live:
        return None
    return Comment.objects.visible().filter(pk=comment_id, thread__article_id=about.article_id).first()


def has_session(request: HttpRequest) -> bool:
    """Say whether the request brings a session: only then may anybody be logged in."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class CsrfCheck(CsrfViewMiddleware):
    """Django's check, told to answer with the reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]
        return reason


def forged(request: HttpRequest) -> bool:
    """Say whether somebody who is logged in may not have meant to send this; guests have no authority to misuse."""
    if not has_session(request) or not request.user.is_authenticated:
        return False

    def unmarked(_request: HttpRequest) -> HttpResponse:
        """Stand in for the view, whose own mark would exempt it."""
        return HttpResponse()

    check = CsrfCheck(unmarked)
    check.process_request(request)
    return check.process_view(request, unmarked, (), {}) is not None
