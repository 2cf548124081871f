"""The pages around a story: preview, history, withdrawing, killing. Each asks for its own right first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from articles import access, payloads, permissions, pictures, projection, publishing, revisions
from articles.admin import history, translating
from articles.admin.standing import standing
from articles.admin.story_page import View, editor_url, page_context, staff
from articles.companions import Companions
from articles.forms import WithdrawForm
from articles.models import Article, Publication, Revision
from articles.refusals import Refusal

require_form = require_http_methods(["GET", "HEAD", "POST"])


# Preview


def preview(_model_admin: admin.ModelAdmin) -> View:
    """Make the view that shows the page to come."""

    @require_safe
    @never_cache
    def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
        story = access.article(request.user, object_id)
        newest = revisions.latest(story)
        if newest is None or newest.purged_at:
            messages.error(request, _("There is nothing to preview yet. Save the story first."))
            return HttpResponseRedirect(editor_url(story))
        at = timezone.now()
        publication = to_come(story, newest, by=request.user, at=at)
        context = {
            "publication": publication,
            "at": at,
            "canonical_path": publication.path,
            "companions": Companions(),
            "related": [],
            "revision": newest,
            "editor_url": editor_url(story),
        }
        # As readers get it: the story's language and the paper's zone, whatever the desk's own are.
        with translation.override(publication.language), timezone.override(ZoneInfo(settings.TIME_ZONE)):
            response = TemplateResponse(request, "articles/preview.html", context).render()
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return view


def to_come(story: Article, revision: Revision, *, by: permissions.Visitor, at: datetime) -> Publication:
    """Return the publication that publishing `revision` would make, in memory only.

    Who may not see the library (a moderator) sees the pictures that readers see.
    """
    fields = projection.project(payloads.read(revision), story.pk).fields
    if permissions.can_browse_pictures(by):
        fields = with_desk_pictures(fields)
    now = standing(story, at=at)
    begins = now.planned.visible_from if now.planned and not now.is_live else at
    live = now.current if now.is_live else None
    return Publication(
        article=story,
        revision=revision,
        visible_from=begins,
        first_published_at=live.first_published_at if live else begins,
        substantive_at=live.substantive_at if live else None,
        change_note=live.change_note if live else "",
        notices=live.notices if live else [],
        **fields,
    )


def with_desk_pictures(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a projection's fields with pictures where the desk finds them: to readers they are not public yet."""
    figures = {pk: pictures.for_desk(data) for pk, data in fields["images"].items()}
    return {**fields, "lead_image": pictures.for_desk(fields["lead_image"]), "images": figures}


# Withdraw, kill


def ending(
    service: Callable[..., Any], may: access.Predicate, template: str, title: Callable[[], str], done: Callable[[], str]
) -> Callable[[admin.ModelAdmin], View]:
    """Make the maker of a view that asks ground and public reason, then takes the story from readers by `service`."""

    def make(model_admin: admin.ModelAdmin) -> View:
        @require_form
        @never_cache
        def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
            story = access.article(request.user, object_id, may)
            form = WithdrawForm(request.POST if request.method == "POST" else None, label_suffix="")
            refusal = None
            if form.is_valid():
                try:
                    service(story, by=staff(request), at=timezone.now(), **form.cleaned_data)
                except Refusal as refused:
                    refusal = refused
                else:
                    messages.success(request, done())
                    return HttpResponseRedirect(editor_url(story))
            context = page_context(model_admin, request, story, title())
            context |= {"form": form, "refusal": refusal, "standing": standing(story, at=timezone.now())}
            status = 409 if refusal else 422 if form.is_bound else 200
            return TemplateResponse(request, template, context, status=status)

        return view

    return make


withdraw = ending(
    publishing.withdraw,
    permissions.can_withdraw,
    "admin/articles/withdraw.html",
    lambda: _("Withdraw this story?"),
    lambda: _("Withdrawn. The address shows the notice."),
)
kill = ending(
    publishing.kill,
    permissions.can_kill,
    "admin/articles/kill.html",
    lambda: _("Kill this story?"),
    lambda: _("Killed. Nothing of it is shown again."),
)

# Name of the page in its address and URL name -> the maker of its view.
VIEWS: dict[str, Callable[[admin.ModelAdmin], View]] = {
    "preview": preview,
    "revisions": history.revisions,
    "compare": history.compare,
    "restore": history.restore,
    "translations": translating.page,
    "withdraw": withdraw,
    "kill": kill,
}
