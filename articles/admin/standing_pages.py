"""Standing pages at the desk: written with the story's editor, shown or taken off, every version kept."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles import pages as service
from articles import refusals
from articles.admin.choices import PlainSelects
from articles.admin.story_page import staff
from articles.forms import CleanTextMixin
from articles.models import Page, PageRevision
from articles.models.page import KEPT
from articles.widgets import StoryEditor
from newsroom.core import csp, richtext
from newsroom.core.forms import UnlabelledInput

# Versions shown on the page of the history.
VERSIONS = 50
MOST_DIGITS = 9


class PageForm(CleanTextMixin, forms.ModelForm):
    """A page in both languages. It names the version it was opened with, so that nobody saves over somebody else."""

    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=UnlabelledInput)
    is_public = forms.BooleanField(
        label=_("Readers see it"),
        required=False,
        help_text=_("Needs a text in Indonesian. The address stays the same."),
    )

    class Meta:
        model = Page
        fields = ("title", "body", "title_en", "body_en", "slug", "position", "is_in_footer")
        widgets = {"body": StoryEditor(attrs={"rows": 20}), "body_en": StoryEditor(attrs={"rows": 20})}
        help_texts = {
            "slug": _("The last part of the address. Fixed once readers see the page."),
            "title_en": _("Without an English text, English pages link to the Indonesian one."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.initial["seen"] = self.instance.version if self.instance.pk else None
        self.initial["is_public"] = self.instance.published_at is not None

    def clean(self) -> dict[str, Any]:
        """Refuse what the service would refuse, with everything typed still in the form."""
        cleaned = super().clean()
        for name in ("body", "body_en"):
            cleaned[name] = richtext.sanitize(cleaned.get(name) or "")
        if cleaned.get("is_public") and not cleaned["body"]:
            self.add_error("body", str(refusals.PageEmpty()))
        if self.instance.pk and cleaned.get("seen") != self.instance.version:
            # The form that comes back shows the version to go on from: pressing save again is a decision.
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix("seen")] = str(self.instance.version)
            self.data = data
            self.add_error(None, str(refusals.PageChanged()))
        return cleaned


@admin.register(Page)
class StandingPageAdmin(PlainSelects, admin.ModelAdmin):
    """What stands in the footer. Nobody deletes a page: it is taken off, and stays with all its versions."""

    form = PageForm
    fieldsets = (
        (None, {"fields": ("title", "body")}),
        (_("English"), {"fields": ("title_en", "body_en")}),
        (_("Place"), {"fields": ("slug", "position", "is_in_footer", "is_public", "seen")}),
    )
    list_display = ("title", "state", "is_in_footer", "saved")
    ordering = ("position", "title", "pk")
    object_history_template = "admin/articles/page/versions.html"
    show_full_result_count = False
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        """Fix the address once readers know it."""
        return ("slug",) if obj is not None and obj.published_at else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Page | None = None) -> dict[str, Any]:
        return {} if obj is not None else {"slug": ("title",)}

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Page | None:
        """Lock the row for a save, so that the version it is compared with is still there when it is written.

        `?version=3` opens the form with the words of that version; they count when they are saved.
        """
        found: Page | None = super().get_object(request, object_id, from_field)
        if found is None:
            return None
        if request.method == "POST":
            return Page.objects.select_for_update().get(pk=found.pk)
        number = request.GET.get("version", "")
        if number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS:
            old = found.revisions.filter(version=int(number)).first()
            if old is None:
                raise Http404
            for name in KEPT:
                if name != "slug":
                    setattr(found, name, old.payload[name])
        return found

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """Let the page load the editor."""
        return csp.allow_editor(super().changeform_view(request, object_id, form_url, extra_context))

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        """Save by the desk's services. The words first, so that a page is never shown without them."""
        by, at = staff(request), timezone.now()
        is_public = form.cleaned_data["is_public"]
        if change and obj.published_at and not is_public:
            service.take_off(obj, by=by, at=at)
        service.save(obj, seen=form.cleaned_data["seen"] if change else None, by=by, at=at)
        if is_public:
            service.publish(obj, by=by, at=at)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what the page said at each save, the newest first."""
        page = self.get_object(request, object_id)
        if not self.has_view_permission(request, page):
            raise PermissionDenied
        if page is None:
            raise Http404
        versions = PageRevision.objects.filter(page=page).select_related("by").order_by("-version")[:VERSIONS]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Versions: %(title)s") % {"title": page},
            "page": page,
            "versions": [(row, richtext.plain_text(row.payload["body"])) for row in versions],
            "editor_url": reverse("admin:articles_page_change", args=[page.pk]),
        }
        return TemplateResponse(request, self.object_history_template, context)

    def view_on_site(self, obj: Page) -> str | None:  # type: ignore[override]
        """Return the page's address while readers see it."""
        return reverse("articles:page", args=[obj.slug]) if obj.published_at else None

    @admin.display(description=_("readers"))
    def state(self, page: Page) -> SafeString | str:
        """Say whether readers see it, and why not."""
        if page.published_at:
            return format_html('<span class="pill">{}</span>', _("Published"))
        return str(_("Written, not shown")) if page.body else str(_("No text yet"))

    @admin.display(description=_("saved"), ordering="updated_at")
    def saved(self, page: Page) -> Any:
        """Return when its words last changed."""
        return page.updated_at
