"""The history of a story: its revisions, any two compared, and the way back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from articles import access, permissions
from articles import revisions as service
from articles.admin.story_page import View, editor_url, page_context, staff
from articles.locking import lock
from articles.models import Article, Publication, Revision
from articles.refusals import Refusal

# The newest revisions shown, and offered for comparing; older ones are reached by their number in the address.
SHOWN = 200
NEWEST = "newest"


def history(story: Article) -> models.QuerySet[Revision]:
    """Return the story's newest revisions without their content."""
    return story.revisions.select_related("author").defer("payload").order_by("-number")[:SHOWN]


def revisions(model_admin: admin.ModelAdmin) -> View:
    """Make the view that lists the revisions."""

    @require_safe
    @never_cache
    def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
        story = access.article(request.user, object_id)
        at = timezone.now()
        rows = list(history(story))
        context = page_context(model_admin, request, story, _("Revisions"))
        context |= {
            "rows": rows,
            "live": revision_ids(Publication.objects.live(at), story),
            "planned": revision_ids(Publication.objects.planned(at), story),
            "may_restore": permissions.can_restore(request.user, story),
        }
        return TemplateResponse(request, "admin/articles/revisions.html", context)

    return view


def revision_ids(publications: models.QuerySet[Publication], story: Article) -> set[int]:
    """Return the ids of the revisions that these publications of the story show."""
    return {pk for pk in publications.filter(article=story).values_list("revision", flat=True) if pk}


def compare(model_admin: admin.ModelAdmin) -> View:
    """Make the view that shows what differs between two revisions: by default the newest and the one before."""

    @require_safe
    @never_cache
    def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
        story = access.article(request.user, object_id)
        rows = list(history(story))
        if not rows:
            raise Http404
        after = chosen(request, "to", story, rows[0].number)
        before = chosen(request, "from", story, max(after.number - 1, 1))
        context = page_context(model_admin, request, story, _("Compare revisions"))
        context |= {"rows": rows, "before": before, "after": after}
        context |= {"may_restore": permissions.can_restore(request.user, story) and before.number != rows[0].number}
        status = 200
        try:
            sees_all = permissions.can_see_confidential(request.user, story)
            context["changes"] = service.compare(before, after, with_confidential=sees_all)
        except Refusal as refusal:
            context["refusal"], status = refusal, 410
        return TemplateResponse(request, "admin/articles/compare.html", context, status=status)

    return view


def chosen(request: HttpRequest, name: str, story: Article, default: int) -> Revision:
    """Return the revision whose number the address names. Raises Http404 for none."""
    revision = story.revisions.select_related("author").filter(number=number_in(request.GET, name, default)).first()
    if revision is None:
        raise Http404
    return revision


def number_in(data: Any, name: str, default: int) -> int:
    """Return a revision's number from an address or a form, `default` where there is none; Http404 for nonsense."""
    value = data.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Http404
    return int(value)


def restore(model_admin: admin.ModelAdmin) -> View:
    """Make the view that shows what a restore would do, and does it."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
        story = access.article(request.user, object_id, permissions.can_restore)
        data = request.POST if request.method == "POST" else request.GET
        number = number_in(data, "revision", 0)
        refusal: Refusal | str | None = None
        if request.method == "POST":
            try:
                return restored(request, story, number)
            except Refusal as refused:
                refusal = refused
            except Overtaken:
                refusal = _("Somebody saved the story since this page was opened. Look again at what would change.")
        context = page_context(model_admin, request, story, _("Restore revision %(number)s") % {"number": number})
        try:
            plan = service.restore_plan(story, number)
        except Refusal as refused:
            return TemplateResponse(
                request, "admin/articles/restore.html", context | {"refusal": refused}, status=status_of(refused)
            )
        context |= {"plan": plan, "number": number, "newest": service.latest(story), "refusal": refusal}
        return TemplateResponse(request, "admin/articles/restore.html", context, status=409 if refusal else 200)

    return view


class Overtaken(Exception):
    """The newest revision is not the one the page was made from."""


@transaction.atomic
def restored(request: HttpRequest, story: Article, number: int) -> HttpResponseRedirect:
    """Restore the revision if nobody saved since the page was made. Raises Overtaken and what the service raises."""
    lock(story)
    newest = service.latest(story)
    if newest is None or str(newest.number) != request.POST.get(NEWEST):
        raise Overtaken
    revision = service.restore(story, number, by=staff(request), at=timezone.now())
    said = (
        _("Restored as revision %(number)s. Nothing was lost: the earlier ones stay.") % {"number": revision.number}
        if revision
        else _("The story already says what revision %(number)s said.") % {"number": number}
    )
    messages.success(request, said)
    return HttpResponseRedirect(editor_url(story))


def status_of(refusal: Refusal) -> int:
    return 404 if refusal.code == "no_such_revision" else 410
