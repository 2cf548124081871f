"""Sections, topics, contributors and former addresses. Old revisions name them: they are archived, not deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import taxonomy as service
from articles.admin.choices import PlainSelects
from articles.admin.inlines import JQUERY, RowFormSet
from articles.admin.story_page import staff
from articles.forms import CleanTextMixin, TopicFactForm, TopicMilestoneForm
from articles.models import Contributor, FormerAddress, Section, Topic, TopicFact, TopicMilestone

# One sentence or two, seen whole.
DESCRIPTIONS = {name: forms.Textarea(attrs={"rows": 3}) for name in ("description", "description_en")}


class ArchivableForm(CleanTextMixin, forms.ModelForm):
    """A referent with a tick for being out of use, in place of the moment it went."""

    is_archived = forms.BooleanField(
        label=_("Archived"),
        required=False,
        help_text=_("Can no longer be chosen for stories. Where it stands already, it stays."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["is_archived"].initial = self.instance.archived_at is not None


class ArchiveFilter(admin.SimpleListFilter):
    """What is in use, or what is archived."""

    title = _("use")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("no", _("In use")), ("yes", _("Archived"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(archived_at__isnull=self.value() == "no")


class ReferentAdmin(PlainSelects, admin.ModelAdmin):
    """What stories refer to. Nobody deletes one: revisions of years ago still name it."""

    form = ArchivableForm
    list_filter: tuple[Any, ...] = (ArchiveFilter,)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    show_full_result_count = False
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @admin.display(description=_("in use"), boolean=True)
    def in_use(self, obj: Any) -> bool:
        return obj.archived_at is None

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        """Save, and have what names it follow; the tick archives or brings back by the desk's service."""
        super().save_model(request, obj, form, change)
        at = timezone.now()
        service.saved(obj, by=staff(request), at=at)
        if form.cleaned_data["is_archived"] and obj.archived_at is None:
            service.archive(obj, by=staff(request), at=at)
        elif obj.archived_at is not None and not form.cleaned_data["is_archived"]:
            service.unarchive(obj, by=staff(request), at=at)


class SectionForm(ArchivableForm):
    """A section and what its page says of it."""

    class Meta:
        widgets = DESCRIPTIONS


@admin.register(Section)
class SectionAdmin(ReferentAdmin):
    """Departments of the paper."""

    form = SectionForm
    fields = ("name", "name_en", "slug", "description", "description_en", "position", "is_archived")
    list_display = ("name", "name_en", "slug", "position", "in_use")
    ordering = ("position", "name", "pk")


class TopicRowFormSet(RowFormSet):
    """Rows of a topic's page."""

    default_error_messages = {
        **RowFormSet.default_error_messages,
        "too_many_forms": _("A topic takes at most %(num)d of these. Delete some; nothing was saved yet."),
    }


class TopicRows(PlainSelects, admin.TabularInline):
    """Rows of a topic's page: whoever may see or change the topic may see or change them."""

    extra = 1
    formset = TopicRowFormSet
    template = "admin/articles/rows.html"
    is_wide = False
    show_change_link = False

    @property
    def media(self) -> forms.Media:
        """Return what "add another" needs, in the order in which it is needed, and the look of the rows."""
        return forms.Media(css={"all": ["desk/topic.css"]}, js=[*JQUERY, "admin/js/inlines.js"])

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.view_topic")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.change_topic")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).order_by("position", "pk")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return a formset that refuses too many rows before it builds them."""
        return super().get_formset(
            request, obj, **{"absolute_max": (self.max_num or 0) + 10, "validate_max": True, **kwargs}
        )


class TopicMilestoneRows(TopicRows):
    """The chronology; the page tells it from the latest entry back."""

    model = TopicMilestone
    verbose_name = _("event")
    verbose_name_plural = _("chronology of the topic")
    form = TopicMilestoneForm
    # Together with the facts below the number of fields that one request may have.
    max_num = 150


class TopicFactRows(TopicRows):
    """The facts beside the chronology."""

    model = TopicFact
    form = TopicFactForm
    max_num = 40


class TopicForm(ArchivableForm):
    """A topic, with what its page shows besides stories."""

    class Meta:
        widgets = DESCRIPTIONS
        help_texts = {
            "image": _("A locator map, most often. It stands beside the chronology, above the facts."),
            "is_on_front": _(
                "The front page tells the latest four events of one marked topic: the one with the newest story."
            ),
        }


@admin.register(Topic)
class TopicAdmin(ReferentAdmin):
    """What stories are about across sections."""

    form = TopicForm
    fields = (
        *("name", "name_en", "slug", "kind", "description", "description_en"),
        *("image", "is_on_front", "is_archived"),
    )
    list_display = ("name", "name_en", "kind", "slug", "in_use", "is_on_front")
    list_filter = (ArchiveFilter, "kind")
    inlines = (TopicMilestoneRows, TopicFactRows)
    ordering = ("name", "pk")


class ContributorForm(ArchivableForm):
    """A name over stories, and who it is."""

    multiline = ("bio", "bio_en")

    class Meta:
        help_texts = {
            "bio": _("Two or three sentences for their page. A blank line begins a new paragraph."),
            "portrait": _("Cut square about its focal point. Without one, the initials stand in its place."),
        }


@admin.register(Contributor)
class ContributorAdmin(ReferentAdmin):
    """Names over stories."""

    form = ContributorForm
    fields = ("name", "slug", "role", "portrait", "bio", "bio_en", "user", "is_archived")
    list_display = ("name", "role", "user", "in_use")
    list_select_related = ("user",)
    ordering = ("name", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> tuple[str, ...]:
        """Leave it to chief editors whose name this is: an editor of one section could make any story their own."""
        return () if request.user.has_perm("articles.work_in_every_section") else ("user",)


@admin.register(FormerAddress)
class FormerAddressAdmin(PlainSelects, admin.ModelAdmin):
    """Addresses under which stories were once found; each answers with one redirect."""

    fields = ("path", "article")
    list_display = ("path", "article")
    list_select_related = ("article",)
    raw_id_fields = ("article",)
    search_fields = ("path",)
    show_full_result_count = False
    ordering = ("path", "pk")
    actions = None
