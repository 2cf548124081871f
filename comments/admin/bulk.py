"""Many comments at once: a list with boxes to tick, one decision, a result for each row, one undo."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comments.admin.answers import SeeOther, moderator_of, queue_url
from comments.admin.card import UNDO_WINDOW, bulk_line
from comments.admin.clock import Clock, clock_for
from comments.admin.findings import Part, excerpt, hides, labels
from comments.admin.selection import Selection
from comments.admin.verdicts import POSSIBLE, BulkForm, Verdict
from comments.models import Bulk, Comment, RejectReason, Status
from comments.moderation import bulk
from newsroom.core.models import User

SIZES = (50, 200, bulk.MOST)
COLUMNS = ("name", "text", "findings", "version", "status", "created_at", "text_hash", "thread__article__title")


@dataclass(frozen=True)
class Row:
    """One comment of the list."""

    comment: Comment
    parts: list[Part]
    whys: list[str]
    clock: Clock
    is_ticked: bool
    # Alike, and yet nothing in it is disguised: somebody may be telling what happened to them.
    is_plain: bool

    @property
    def others(self) -> int:
        """Return how many rules objected beside the first."""
        return max(len(self.whys) - 1, 0)


@dataclass(frozen=True)
class Result:
    """What came of one row."""

    comment: Comment | None
    comment_id: int
    outcome: str
    words: str
    is_decided: bool


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show a selection as lines to tick."""
    moderator = moderator_of(request)
    return _list(request, moderator, Selection.read(request.GET), size=_size(request.GET.get("rows")))


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Take one decision on all ticked rows and show what came of each."""
    moderator = moderator_of(request)
    selection = Selection.read(request.POST)
    form = BulkForm(request.POST)
    if not form.is_valid():
        return _list(request, moderator, selection, size=_size(request.POST.get("rows")), form=form)
    made = form.carry_out(origin=selection.address[:500], by=moderator, at=timezone.now())
    return SeeOther(reverse("admin:comments_bulk_result", args=[made.pk]))


@require_safe
def result(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Show what came of each row, with one undo for all."""
    moderator = moderator_of(request)
    made = _bulk(bulk_id)
    rows = results(made)
    now = timezone.now()
    line = bulk_line(moderator, at=now)
    origin = Selection.read(QueryDict(made.origin))
    context = {
        **admin.site.each_context(request),
        "title": _("What came of it"),
        "bulk": made,
        "rows": rows,
        "decided": sum(row.is_decided for row in rows),
        "undone": Bulk.objects.filter(undoes=made).first(),
        "bulk_line": line if line and line.bulk == made else None,
        "list_url": reverse("admin:comments_bulk") + origin.without(like=None).suffix,
        "queue_url": queue_url(origin.without(like=None)),
    }
    return TemplateResponse(request, "admin/comments/bulk_result.html", context)


@require_POST
def undo(request: HttpRequest, bulk_id: int) -> HttpResponse:
    """Take a bulk decision back as one, and show what came of each row."""
    moderator = moderator_of(request)
    made = _bulk(bulk_id)
    if made.undoes_id is not None:
        raise Http404
    now, note = timezone.now(), request.POST.get("note", "").replace("\0", "").strip()[:500]
    if made.at + UNDO_WINDOW < now and not note:
        messages.warning(request, _("Write a note that says why, then reverse the decision. Nothing was changed."))
        return SeeOther(reverse("admin:comments_bulk_result", args=[made.pk]))
    try:
        back = bulk.undo(made.pk, note=note, by=moderator, at=now)
    except bulk.AlreadyUndone:
        messages.warning(request, _("This was taken back before. Nothing was changed."))
        return SeeOther(reverse("admin:comments_bulk_result", args=[made.pk]))
    return SeeOther(reverse("admin:comments_bulk_result", args=[back.pk]))


def _bulk(bulk_id: int) -> Bulk:
    found = Bulk.objects.select_related("by").filter(pk=bulk_id).first() if bulk_id < 2**63 else None
    if found is None:
        raise Http404
    return found


def _size(said: str | None) -> int:
    return next((size for size in SIZES if str(size) == said), SIZES[0])


def _list(
    request: HttpRequest, viewer: User, selection: Selection, *, size: int, form: BulkForm | None = None
) -> HttpResponse:
    now = timezone.now()
    ticked = set(request.POST.getlist("row")) if form else None
    rows = listed(selection, size=size, ticked=ticked, at=now)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Decide together"),
        "selection": selection,
        "rows": rows,
        "ticked": sum(row.is_ticked for row in rows),
        "total": selection.count(),
        "size": size,
        "sizes": SIZES,
        "verdicts": [verdict for verdict in POSSIBLE[selection.state] if verdict != Verdict.REMOVE_WITH_REPLIES],
        "reasons": RejectReason.choices,
        "needs_reason": selection.state != Status.REMOVED and selection.state != Status.REJECTED,
        "form": form,
        "errors": [str(text) for texts in form.errors.values() for text in texts] if form else [],
        "bulk_line": bulk_line(viewer, at=now),
    }
    return TemplateResponse(request, "admin/comments/bulk.html", context, status=422 if form else 200)


def listed(selection: Selection, *, size: int, ticked: set[str] | None, at: datetime) -> list[Row]:
    """Return the lines of a list, one query.

    Of comments alike, those begin ticked that hide something, or that repeat word for word the one they were found by;
    a victim who names the site that ruined them is alike, hides nothing, and waits for a person's own tick.
    """
    found = list(selection.comments().select_related("thread__article").only(*COLUMNS)[:size])
    texts = Counter(comment.text_hash for comment in found if comment.text_hash)
    repeated = selection.pattern.text_hash if selection.like else ""
    repeated = repeated if texts[repeated] > 1 else ""
    return [_row(comment, selection, repeated, ticked, at) for comment in found]


def _row(comment: Comment, selection: Selection, repeated: str, ticked: set[str] | None, at: datetime) -> Row:
    is_alike = selection.like is not None
    is_hiding = is_alike and hides(comment.findings, comment.text)
    is_repeated = bool(repeated) and comment.text_hash == repeated
    is_ticked = is_hiding or is_repeated if ticked is None else f"{comment.pk}:{comment.version}" in ticked
    return Row(
        comment=comment,
        parts=excerpt(comment.findings, comment.text),
        whys=labels(comment.findings),
        clock=clock_for(comment.created_at, at=at),
        is_ticked=is_ticked,
        is_plain=is_alike and not (is_hiding or is_repeated),
    )


def results(made: Bulk) -> list[Result]:
    """Return what came of each row in words; three queries whatever their number."""
    comments = Comment.objects.only("name", "text").in_bulk([row["comment"] for row in made.results])
    people = User.objects.in_bulk({row["by"] for row in made.results if row["by"]})
    return [
        Result(
            comments.get(row["comment"]),
            row["comment"],
            row["outcome"],
            _words(row, people.get(row["by"])),
            row["decision"] is not None,
        )
        for row in made.results
    ]


def _words(row: dict[str, Any], by: User | None) -> str:
    """Say what came of one row."""
    status = Status(row["status"]).label if row["status"] in Status.values else ""
    told = {
        "decided": lambda: str(status),
        "waits": lambda: _("Approved; shown once the comment above it is"),
        "stale": lambda: _("%(name)s was faster: %(status)s") % {"name": by or _("The system"), "status": status},
        "changed": lambda: _("Changed since you opened the list"),
        "impossible": lambda: _("Not possible in its state"),
        "gone": lambda: _("There is no such comment"),
    }
    return told[row["outcome"]]()
