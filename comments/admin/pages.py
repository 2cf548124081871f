"""Pages beside the queue: a person's record, one's own decisions, and views kept under a name."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comments import access, permissions, saved
from comments.admin.answers import SeeOther, moderator_of, queue_url
from comments.admin.card import UNDO_WINDOW
from comments.admin.record import Record
from comments.admin.selection import Selection
from comments.models import Decision
from comments.outline import number

DECISIONS = 40


@require_safe
def person(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Show everything under the address of one comment. For moderators: editors read comments, not people."""
    moderator = moderator_of(request)
    comment = access.comment(moderator, comment_id, permissions.can_moderate)
    context = {
        **admin.site.each_context(request),
        "title": _("This person's record"),
        "record": Record(comment, before=number(request.GET.get("before"))),
    }
    return TemplateResponse(request, "admin/comments/person.html", context)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show the moderator's own decisions, newest first, each with its undo or its reversal."""
    moderator = moderator_of(request)
    now = timezone.now()
    made = Decision.objects.filter(by=moderator).select_related("comment", "undone_by__by", "bulk")
    before = number(request.GET.get("before"))
    if before is not None:
        made = made.filter(pk__lt=before)
    made = made.annotate(stands=F("comment__version") - F("version")).defer("comment__findings")
    found = list(made.order_by("-pk")[: DECISIONS + 1])
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("My decisions"),
        "rows": [_own(decision, now) for decision in found[:DECISIONS]],
        "next_before": found[DECISIONS - 1].pk if len(found) > DECISIONS else None,
    }
    return TemplateResponse(request, "admin/comments/mine.html", context)


def _own(decision: Any, now: Any) -> dict[str, Any]:
    """Return one line of one's own decisions."""
    in_force = decision.stands == 0 and decision.undoes_id is None
    return {
        "decision": decision,
        "can_undo": in_force and decision.at + UNDO_WINDOW > now,
        "can_reverse": in_force and decision.at + UNDO_WINDOW <= now,
        "is_overtaken": decision.stands > 0,
    }


@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the selection under a name."""
    moderator = moderator_of(request)
    selection = Selection.read(request.POST)
    try:
        saved.keep(request.POST.get("name", ""), selection.address, by=moderator, at=timezone.now())
    except saved.TooManyViews:
        text = _("You keep %(most)d views already. Remove one, then save this one again.") % {"most": saved.MOST}
        messages.warning(request, text)
    except saved.ViewError:
        text = _("The view needs a name of at most %(most)d characters.") % {"most": saved.NAME_LENGTH}
        messages.warning(request, text)
    return SeeOther(queue_url(selection))


@require_POST
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget a view of one's own."""
    moderator = moderator_of(request)
    if view_id < 2**63:
        saved.drop(view_id, by=moderator, at=timezone.now())
    return SeeOther(queue_url(Selection.read(request.POST)))
