"""The moderation queue. Every GET is safe; every decision is a plain POST and answers with 303."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments import access, permissions
from comments.admin.answers import SeeOther, card_url, moderator_of, queue_url, reader_of, stale_words
from comments.admin.card import UNDO_WINDOW, Card, bulk_line, undo_lines
from comments.admin.clock import ANSWER_WITHIN, URGENT
from comments.admin.filters import Filters
from comments.admin.rail import rail_for
from comments.admin.selection import Selection
from comments.admin.verdicts import POSSIBLE, DecisionForm, Verdict
from comments.models import Comment, RejectReason, Status
from comments.moderation import desk
from newsroom.core.models import User


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the first comment of a selection, by default the waiting one with the least time left."""
    moderator = reader_of(request)
    selection = Selection.read(request.GET)
    comment = selection.comments().select_related("thread__article").first()
    return _page(request, moderator, selection, comment)


@require_safe
def card(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show one comment, whatever its state."""
    moderator = reader_of(request)
    comment = access.comment(moderator, comment_id)
    return _page(request, moderator, Selection.read(request.GET, default=comment.status), comment)


@require_POST
def decide(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take a decision, then show the next waiting comment."""
    moderator = moderator_of(request)
    comment = access.comment(moderator, comment_id, permissions.can_moderate)
    selection = Selection.read(request.POST)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, moderator, selection, comment, form=form, status=422)
    following = selection.following(comment)
    try:
        outcome = form.decide(comment, by=moderator, at=timezone.now())
    except desk.DeskError as refusal:
        comment = access.comment(moderator, comment_id)
        return _page(request, moderator, selection, comment, form=form, refusal=refusal, status=409)
    if outcome.waits_for_parent:
        messages.info(request, _("Approved. Readers see it once the comment above it is shown."))
    if not selection.is_waiting:
        return SeeOther(card_url(comment_id, replace(selection, state=outcome.status, reason="")))
    if following is None:
        return SeeOther(queue_url(selection))
    return SeeOther(card_url(following, selection))


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Ask before a comment is removed with its replies, naming their number; then do it."""
    moderator = moderator_of(request)
    if request.method == "POST":
        return decide(request, comment_id)
    comment = access.comment(moderator, comment_id, permissions.can_moderate)
    if Verdict.REMOVE_WITH_REPLIES not in POSSIBLE[comment.status]:
        return SeeOther(card_url(comment_id, Selection(state=comment.status)))
    context = {
        **admin.site.each_context(request),
        "title": _("Remove with replies"),
        "card": Card(comment, moderator, timezone.now()),
        "reasons": RejectReason.choices,
        "chosen": request.GET.get("reason", ""),
    }
    return TemplateResponse(request, "admin/comments/remove.html", context)


@require_POST
def undo(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a decision back and show the comment as it stands then.

    Within a minute a press is enough; later it is a decision like any other, and says why.
    """
    moderator = moderator_of(request)
    decision = access.decision(moderator, decision_id, permissions.can_moderate)
    now, note = timezone.now(), request.POST.get("note", "").replace("\0", "").strip()[:500]
    selection = Selection.read(request.POST)
    if decision.at + UNDO_WINDOW < now and not note:
        messages.warning(request, _("Write a note that says why, then reverse the decision. Nothing was changed."))
        return SeeOther(card_url(decision.comment_id, Selection(state=decision.comment.status)))
    try:
        outcome = desk.undo(decision.pk, note=note, by=moderator, at=now)
    except desk.StaleDecision as stale:
        messages.warning(request, stale_words(stale) + " " + _("Nothing was taken back."))
        return SeeOther(card_url(decision.comment_id, Selection(state=stale.comment.status)))
    messages.info(request, _("Taken back: the comment by %(name)s.") % {"name": decision.comment.name})
    return SeeOther(card_url(decision.comment_id, replace(selection, state=outcome.status, reason="")))


def _page(
    request: HttpRequest,
    viewer: User,
    selection: Selection,
    comment: Comment | None,
    *,
    form: DecisionForm | None = None,
    refusal: desk.DeskError | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    may_decide = permissions.can_moderate(viewer)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Moderation queue"),
        "selection": selection,
        "filters": Filters(selection, viewer),
        "rail": rail_for(selection, comment, at=now),
        "urgent": _urgent(now) if selection.is_waiting and not selection.is_narrowed else 0,
        "card": Card(comment, viewer, now) if comment else None,
        "possible": POSSIBLE[comment.status] if comment and may_decide else (),
        "may_decide": may_decide,
        "reasons": RejectReason.choices,
        "form": form,
        "error": _error_words(form, refusal) if form else "",
        "undo_lines": undo_lines(viewer, at=now) if may_decide else [],
        "bulk_line": bulk_line(viewer, at=now) if may_decide else None,
    }
    return TemplateResponse(request, "admin/comments/queue.html", context, status=status)


def _urgent(now: datetime) -> int:
    """Return how many waiting comments have less than eight hours left."""
    return Comment.objects.filter(status=Status.PENDING, created_at__lt=now - ANSWER_WITHIN + URGENT).count()


def _error_words(form: DecisionForm, refusal: desk.DeskError | None) -> str:
    """Say why a decision was not taken."""
    if isinstance(refusal, desk.StaleDecision):
        return stale_words(refusal)
    if refusal is not None:
        return _("That is not possible for a comment in this state. Nothing was changed.")
    return " ".join(str(message) for errors in form.errors.values() for message in errors)
