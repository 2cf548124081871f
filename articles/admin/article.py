"""The admin of stories: the list, the editor, and the pages around them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.messages import ERROR, SUCCESS
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import access, figures, permissions, revisions
from articles.admin import actions, answers, pages, panel
from articles.admin.choices import PlainSelects
from articles.admin.conflict import SEEN_REVISION
from articles.admin.inlines import JQUERY, ROWS
from articles.admin.listing import Stories, StoryColumns, with_moments
from articles.admin.saving import VERSION, ClaimedSaves
from articles.admin.story_page import editor_url, staff
from articles.forms import ArticleForm
from articles.models import Article, Source
from articles.refusals import Refusal
from newsroom.core.csp import editor_csp

TEXT = ("title", "standfirst", "body")
LEAD = ("lead_image", "lead_caption")
FILING = (("section", "kind", "language"), ("kicker", "dateline"), "key_points", "slug", "embargo_until")


@admin.register(Article)
class ArticleAdmin(PlainSelects, ClaimedSaves, StoryColumns):
    """Stories. Nobody deletes one, nobody adds one in a pop-up window."""

    form = ArticleForm
    inlines = ROWS
    fieldsets = (
        (None, {"fields": TEXT}),
        (None, {"fields": LEAD, "classes": ("filing", "lead-picture")}),
        (None, {"fields": FILING, "classes": ("filing",)}),
    )
    save_as = False

    # Who may

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None:
            return request.user.has_perm("articles.view_article")
        return permissions.can_view(request.user, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.can_add(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None:
            return request.user.has_perm("articles.change_article")
        return permissions.can_change(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Return False: stories are withdrawn or killed; what was published stays on record."""
        return False

    def get_queryset(self, request: HttpRequest) -> Stories:
        """Return the stories this user may see, annotated for the list where the list is asked for."""
        stories = access.readable(request.user)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "articles_article_changelist"
        return with_moments(stories, timezone.now()) if is_list else stories

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Return the form's parts; who only reads the story gets its text as text, not as markup."""
        if obj is None or permissions.can_change(request.user, obj):
            return self.fieldsets
        text = ["text_as_read" if name == "body" else name for name in TEXT]
        return ((None, {"fields": text}), *self.fieldsets[1:])

    @admin.display(description=gettext_lazy("text"))
    def text_as_read(self, obj: Article) -> SafeString:
        return format_html('<div class="reading">{}</div>', figures.words(obj.body, obj.body))

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        may_embargo = permissions.can_embargo(request.user, obj or Article())
        return () if may_embargo else ("embargo_until",)

    def get_inline_instances(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        """Leave out the sources for whoever may read the story and not know them."""
        rows = super().get_inline_instances(request, obj)
        if obj is not None and not permissions.can_see_confidential(request.user, obj):
            rows = [row for row in rows if row.model._meta.model_name != "source"]
        return rows

    # Saving, and what was pressed with it

    def get_form(  # type: ignore[override]
        self, request: HttpRequest, obj: Article | None = None, **kwargs: Any
    ) -> type[ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        action = actions.pressed(request)
        bound = action.bind(request.POST, article=obj) if action else None
        if bound is not None:
            request.desk_action_form = bound  # type: ignore[attr-defined]
        return type(form.__name__, (form,), {"action_form": bound})

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: list[BaseFormSet] | None, add: bool = False
    ) -> Any:
        """Leave the sources out of the stock history: it names each row, and moderators read it too."""
        others = [formset for formset in formsets or () if formset.model is not Source]  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, others, add)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self.after_save(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self.after_save(request, obj)

    def after_save(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Do what was pressed, on the revision just saved, and go back to the editor.

        A refused action leaves the save as it is: the service rolled back its own part, and its words name the remedy.
        What it asked is asked again, with the answers (`_changeform_view`).
        """
        request.desk_saved = obj  # type: ignore[attr-defined]
        action = actions.pressed(request)
        if action is None:
            messages.success(request, _("Saved."))
            return self.to_editor(obj)
        if not action.may(request.user, obj):
            messages.error(
                request, _("Saved. You may not do that to this story: %(action)s.") % {"action": action.label}
            )
            return self.to_editor(obj)
        form = request.desk_action_form  # type: ignore[attr-defined]
        act = actions.Act(obj, staff(request), timezone.now(), form)
        try:
            level, said = SUCCESS, action.run(act)
            request.desk_action_done = True  # type: ignore[attr-defined]
        except Refusal as refusal:
            level, said = ERROR, _("Saved, and nothing else: %(refusal)s") % {"refusal": refusal}
        messages.add_message(request, level, said)
        return self.to_editor(obj)

    def to_editor(self, obj: Article) -> HttpResponseRedirect:
        return HttpResponseRedirect(editor_url(obj))

    def _changeform_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponseBase:
        """Answer with the editor itself, not the way to it, where an action was not done and has answers to keep.

        What was typed into others is carried along on that way.
        """
        response = super()._changeform_view(request, object_id, form_url, extra_context)
        if request.method != "POST" or not isinstance(response, HttpResponseRedirect):
            return response
        is_done = getattr(request, "desk_action_done", False)
        story: Article | None = getattr(request, "desk_saved", None)
        if story is None and object_id is not None:
            story = self.get_object(request, unquote(object_id))
        waiting = None if is_done else actions.waiting(request)
        if story and waiting:
            return self.asked_again(request, story, waiting)
        if story:
            answers.keep(request, story, done=actions.pressed(request) if is_done else None)
        return response

    def asked_again(self, request: HttpRequest, story: Article, waiting: actions.Action) -> HttpResponseBase:
        """Show the editor as a visit finds it after the save, the questions of one action open and answered."""
        said = _("Not done. What you answered is kept here: look at where the story stands, then press again.")
        form = waiting.bind(request.POST, article=story)
        form.add_error(None, said)
        request.desk_action_form = form  # type: ignore[attr-defined]
        # By the method the stock view decides whether the story's own fields come from the post or the database.
        request.method = "GET"
        try:
            return super()._changeform_view(request, str(story.pk), editor_url(story), None)
        finally:
            request.method = "POST"

    # The page

    @property
    def media(self) -> forms.Media:
        """Return what rows and stock widgets of other apps need: no pop-up windows, bulk actions, slug maker."""
        return forms.Media(js=(*JQUERY, "admin/js/core.js"))

    @editor_csp
    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        return super().changeform_view(*args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: Article | None = kwargs.get("obj")
        bound: forms.Form | None = getattr(request, "desk_action_form", None)
        story = Article.objects.get(pk=obj.pk) if obj else None
        context |= panel.context(request, story, bound)
        context |= {
            "story": story,
            "length": panel.length(obj),
            "version_token": version_token(request, story),
            "seen_revision": seen_revision(request, story),
            "title": story.title if story else _("New story"),
            "subtitle": None,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    # The pages around it

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view(self)), name=f"articles_article_{name}")
            for name, view in pages.VIEWS.items()
        ]
        return own + super().get_urls()


def version_token(request: HttpRequest, story: Article | None) -> str:
    """Return the version the form is about: from the post where there is one.

    A form that comes back with errors still saves against what its writer saw; the instance has been claimed since, and
    its version would make the next honest save a conflict.
    """
    if request.method == "POST":
        return request.POST.get(VERSION, "")
    return str(story.version) if story else ""


def seen_revision(request: HttpRequest, story: Article | None) -> str:
    """Return the number of the revision the form was made from: the base of a later comparison."""
    if request.method == "POST":
        return request.POST.get(SEEN_REVISION, "")
    newest = revisions.latest(story) if story else None
    return str(newest.number) if newest else ""
