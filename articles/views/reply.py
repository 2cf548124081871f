"""The right of reply: the form, what comes of sending it, and its receipt."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles import refusals, replies
from articles.models import Article, Publication, ReplyRequest
from articles.reply_form import ReplyForm
from articles.states import PublicState, public_state
from newsroom.core import http, tokens

logger = logging.getLogger(__name__)

PURPOSE = "replies.receipt"
RECEIPT_LIFE = timedelta(days=30)
RETRY_AFTER_SECONDS = 3600


@never_cache
@csrf_exempt  # Nobody's authority is used here, so there is none to forge: see docs/decisions.
@require_http_methods(["GET", "HEAD", "POST"])
def reply_request(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show the form for a live story, and take what it sends. Whatever is wrong, the answer holds all that was typed.

    The page is the same for every reader: no cookie, no session, no token. Speaks the language of the story.
    """
    at = timezone.now()
    live = Publication.objects.live(at).filter(article_id=article_id).first() if article_id < 2**63 else None
    with translation.override(live.language if live else settings.LANGUAGE_CODE):
        if request.method == "POST" and http.origin_verdict(request) is http.Origin.FOREIGN:
            message = _(
                "Your browser says that this form was sent from another site. Open the story here and send it again."
            )
            response = again(request, live, ReplyForm(request.POST), message=message, status=403)
        elif live is None:
            response = no_story(request, article_id, at=at)
        elif request.method == "POST":
            response = send(request, live, at=at)
        else:
            response = again(request, live, ReplyForm(), status=200)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Language"] = live.language if live else settings.LANGUAGE_CODE
    return response


def send(request: HttpRequest, live: Publication, *, at: datetime) -> HttpResponse:
    """Take a request: 303 to its receipt, or the form again."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return again(request, live, form, status=422)
    typed = form.cleaned_data
    try:
        received = replies.receive(
            live,
            **{name: typed[name] for name in ("name", "email", "capacity", "passage", "reply")},
            honeypot=typed["website"],
            address=http.client_address(request),
            origin=http.origin_verdict(request),
            at=at,
        )
    except refusals.TooManyRequests as refused:
        response = again(request, live, form, message=str(refused), status=429)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    except DatabaseError:
        # A full disk, a lock that lasts: what stands can still be read, and so the form be shown again.
        logger.exception("A request for a right of reply could not be stored.")
        message = _(
            "Your request could not be stored just now. Nothing is lost: wait a minute, then send it once more."
        )
        response = again(request, live, form, message=message, status=503)
        response.headers["Retry-After"] = "60"
        return response
    return HttpResponse(status=303, headers={"Location": receipt_url(received.request)})


def again(
    request: HttpRequest, live: Publication | None, form: ReplyForm, *, status: int, message: str = ""
) -> HttpResponse:
    """Show the form again; without a story, only what was typed."""
    if live is None:
        return closed(request, message=message, status=status)
    context = {"story": live, "form": form, "message": message}
    return render(request, "articles/reply_request.html", context, status=status)


def no_story(request: HttpRequest, article_id: int, *, at: datetime) -> HttpResponse:
    """Say 410 for a story whose time is over, 404 for what no reader ever saw."""
    article = Article.objects.filter(pk=article_id).first() if article_id < 2**63 else None
    is_over = article is not None and public_state(article, at) in (PublicState.WITHDRAWN, PublicState.EXPIRED)
    return closed(request, is_over=is_over, status=410 if is_over else 404)


def closed(request: HttpRequest, *, status: int, is_over: bool = False, message: str = "") -> HttpResponse:
    """Say that no story takes a reply here; what was typed stands there to be copied."""
    context = {"is_over": is_over, "message": message, "typed": request.POST.get("reply", "")}
    return render(request, "articles/reply_closed.html", context, status=status)


def receipt_url(received: ReplyRequest) -> str:
    """Return the address of a receipt: the same each time, so that a repeat gets the same answer."""
    token = tokens.make(PURPOSE, str(received.pk), at=received.received_at)
    return reverse("reply_received", args=[token])


@never_cache
@require_safe
def reply_received(request: HttpRequest, token: str) -> HttpResponse:
    """Say that a request has arrived, and by when it is answered. Nothing of what was sent stands here."""
    try:
        pk = tokens.read(PURPOSE, token, max_age=RECEIPT_LIFE, at=timezone.now())
    except (tokens.Invalid, tokens.Stale):
        raise Http404 from None
    received = ReplyRequest.objects.filter(pk=pk).first()
    if received is None:
        raise Http404
    live = Publication.objects.live(timezone.now()).filter(article=received.article_id).first()
    with translation.override(received.language):
        response = render(request, "articles/reply_received.html", {"received": received, "story": live})
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Language"] = received.language
    return response
