"""The page of a story's translations: what there is, what is behind, beginning another, linking and unlinking."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles import access, permissions, translations
from articles.admin.story_page import View, editor_url, page_context, staff
from articles.models import Article
from articles.notice_forms import CurrentForm, LinkForm
from articles.refusals import Refusal
from articles.states import public_states


def page(model_admin: admin.ModelAdmin) -> View:
    """Make the view of a story's translations."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    def view(request: HttpRequest, object_id: str) -> HttpResponseBase:
        story = access.article(request.user, object_id)
        at = timezone.now()
        link, current = forms_for(request, story)
        status, refusal = 200, None
        if request.method == "POST":
            try:
                answer = act(request, story, link, current, at=at)
            except Refusal as refused:
                refusal, status = refused, 409
            else:
                if answer is not None:
                    return answer
                status = 422
        context = page_context(model_admin, request, story, _("Translations"))
        context |= {"link": link, "current": current, "refusal": refusal, **standing(request, story, at=at)}
        return TemplateResponse(request, "admin/articles/translations.html", context, status=status)

    return view


def forms_for(request: HttpRequest, story: Article) -> tuple[LinkForm, CurrentForm | None]:
    """Return the page's forms, the one that was sent filled in."""
    data, do = request.POST, request.POST.get("do")
    link = LinkForm(data if do == "link" else None, label_suffix="")
    if story.translation_of is None:
        return link, None
    return link, CurrentForm(data if do == "current" else None, source=story.translation_of, label_suffix="")


def act(
    request: HttpRequest, story: Article, link: LinkForm, current: CurrentForm | None, *, at: datetime
) -> HttpResponseBase | None:
    """Do what was pressed and go where it leads; None when the form has to be shown again. Raises Refusal."""
    do, by = request.POST.get("do", ""), staff(request)
    here = HttpResponseRedirect(reverse("admin:articles_article_translations", args=[story.pk]))
    if do.startswith("start:"):
        return started(request, story, do.removeprefix("start:"), at=at)
    if not permissions.can_change(by, story):
        raise PermissionDenied
    if do == "unlink":
        translations.unlink(story, by=by, at=at)
        messages.success(request, _("Unlinked. Both stories stay as they are."))
        return here
    if do == "link" and link.is_valid():
        source = link.cleaned_data["source"]
        if not permissions.can_view(by, source):
            raise PermissionDenied
        translations.link(story, source=source, by=by, at=at)
        messages.success(request, _("Linked to “%(title)s”.") % {"title": source.title})
        return here
    if do == "current" and current is not None and current.is_valid():
        number = current.cleaned_data["revision"].number
        translations.mark_current(story, revision=number, by=by, at=at)
        messages.success(request, _("Up to date with version %(number)s of the source.") % {"number": number})
        return here
    return None


def started(request: HttpRequest, story: Article, language: str, *, at: datetime) -> HttpResponseBase | None:
    """Begin a translation and open it."""
    if not permissions.can_add(request.user):
        raise PermissionDenied
    if language not in dict(settings.LANGUAGES):
        return None
    draft = translations.start(story, language=language, by=staff(request), at=at)
    messages.success(
        request, _("A draft in the other language, with everything but the words. Translate it, then submit it.")
    )
    return HttpResponseRedirect(editor_url(draft))


def standing(request: HttpRequest, story: Article, *, at: datetime) -> dict[str, Any]:
    """Return the group as the page shows it: every sibling with its state, and what may still be begun."""
    group = list(translations.siblings(story))
    states = public_states([sibling.pk for sibling in group], at)
    behind = set(
        Article.objects.filter(pk__in=[story.pk, *(sibling.pk for sibling in group)])
        .filter(translations.outdated(at))
        .values_list("pk", flat=True)
    )
    taken = {story.language, *(sibling.language for sibling in group)}
    open_languages = [(code, name) for code, name in settings.LANGUAGES if code not in taken]
    return {
        "group": [
            {"story": sibling, "state": states.get(sibling.pk), "is_behind": sibling.pk in behind}
            for sibling in group
            if permissions.can_view(request.user, sibling)
        ],
        "source": story.translation_of,
        "source_version": translations.source_version(story.translation_of, at=at) if story.translation_of else None,
        "is_behind": story.pk in behind,
        "may_change": permissions.can_change(request.user, story),
        "may_link": story.translation_of is None and not group,
        "open_languages": open_languages if story.translation_of is None and permissions.can_add(request.user) else [],
    }


def summary(story: Article, *, at: datetime) -> dict[str, Any]:
    """Return what the editor's panel says: how many siblings, and whether the source has moved on. Two queries."""
    return {"count": translations.siblings(story).count(), "is_behind": translations.is_outdated(story, at=at)}
