"""The rows of a story: names, topics, sources, chronology."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.admin.choices import PlainSelects
from articles.forms import BylineForm, MilestoneForm, SourceForm, TopicForm
from articles.models import Article, ArticleTopic, Byline, Milestone, Source

# Rows of a group that a save takes, and those a refused one still shows; by the stock limits one request builds 2,000.
MOST_ROWS = 60
MOST_ROWS_SHOWN = 70
JQUERY = ("admin/js/vendor/jquery/jquery.min.js", "admin/js/jquery.init.js")


class RowFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Rows of one group."""

    default_error_messages = {
        **forms.BaseInlineFormSet.default_error_messages,
        "too_many_forms": _("A story takes at most %(num)d of these. Delete some; nothing was saved yet."),
    }


class StoryRows(PlainSelects, admin.TabularInline):
    """Rows that may be seen and changed by whoever may see and change their story."""

    # One blank row each: without JavaScript there is no button for another.
    extra = 1
    max_num = MOST_ROWS
    formset = RowFormSet
    template = "admin/articles/rows.html"
    # More fields than a line holds: each row becomes a block of labelled fields.
    is_wide = False

    @property
    def media(self) -> forms.Media:
        """Return what "add another" needs, in the order in which it is needed."""
        return forms.Media(js=[*JQUERY, "admin/js/inlines.js"])

    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return obj is None or permissions.can_view(request.user, obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return permissions.can_add(request.user) if obj is None else permissions.can_change(request.user, obj)

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).order_by("position", "pk")

    def get_fields(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Name the form's fields; the stock answer builds a whole formset to find them, several times a page."""
        return self.form._meta.fields  # type: ignore[attr-defined]

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> Any:
        """Return the formset of a group: one that refuses too many rows before it builds them."""
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS_SHOWN, "validate_max": True, **kwargs})


class NamingFormSet(RowFormSet):
    """Rows of which no two of a story name the same thing; what was posted is all there is."""

    # The field that names it.
    key: str

    def save(self, commit: bool = True) -> Any:
        """Write the rows, after every stored one whose name a posted row takes was taken out of the way.

        Written one after the other, two rows that change names would meet in the unique constraint, which SQLite cannot
        defer to the commit. A row taken out that stays in the form is inserted again under its own id.
        """
        taken = [
            form.cleaned_data[self.key] for form in self.forms if form.has_changed() and form not in self.deleted_forms
        ]
        self.model._default_manager.filter(**{"article": self.instance, f"{self.key}__in": taken}).delete()
        return super().save(commit)


class BylineFormSet(NamingFormSet):
    key = "contributor"


class TopicFormSet(NamingFormSet):
    key = "topic"


class BylineRows(StoryRows):
    model = Byline
    form = BylineForm
    formset = BylineFormSet


class TopicRows(StoryRows):
    model = ArticleTopic
    form = TopicForm
    formset = TopicFormSet


class SourceRows(StoryRows):
    model = Source
    is_wide = True
    form = SourceForm


class MilestoneRows(StoryRows):
    model = Milestone
    form = MilestoneForm


ROWS = (BylineRows, TopicRows, SourceRows, MilestoneRows)
