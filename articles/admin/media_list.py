"""The picture library as a list: saved views with counts, a licence filter, a search; a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.admin.media_use import unused
from articles.models import Image
from articles.picture_cards import cards

Pictures = models.QuerySet[Image]

VIEW, LICENCE = "view", "licence"
ALL = "all"
PER_PAGE = 24
SEARCHED = ("title", "alt_text", "alt_text_en", "caption", "caption_en", "credit")


@dataclass(frozen=True)
class SavedView:
    """A selection of pictures that somebody asks for every day."""

    name: str
    label: str | Promise

    def condition(self) -> Q:
        """Return the condition on pictures; the licence is measured against today at the desk."""
        in_use = Q(archived_at__isnull=True, taken_down_at__isnull=True)
        conditions = {
            "no_alt": in_use & Q(alt_text=""),
            "ended": in_use & Q(licence_until__lt=timezone.localdate()),
            "unused": in_use & unused(),
            "archived": ~in_use,
        }
        return conditions.get(self.name, in_use)


SAVED_VIEWS = (
    SavedView(ALL, _("All")),
    SavedView("no_alt", _("No alternative text")),
    SavedView("ended", _("Licence ended")),
    SavedView("unused", _("Not used")),
    SavedView("archived", _("Archived")),
)


def chosen_view(data: Any) -> SavedView:
    """Return the view an address names, "All" where it names none."""
    return next((view for view in SAVED_VIEWS if view.name == data.get(VIEW)), SAVED_VIEWS[0])


def counts(pictures: Pictures) -> dict[str, int]:
    """Return how many pictures each saved view holds, with one query."""
    return pictures.aggregate(**{view.name: Count("pk", filter=view.condition()) for view in SAVED_VIEWS})


class ViewFilter(admin.SimpleListFilter):
    """The saved view; its links stand above the pictures. Without a choice: what may be used."""

    title = _("view")
    parameter_name = VIEW
    template = "admin/articles/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [(view.name, view.label) for view in SAVED_VIEWS]

    def queryset(self, request: HttpRequest, queryset: Pictures) -> Pictures:
        return queryset.filter(chosen_view({VIEW: self.value()}).condition())


class LicenceFilter(admin.SimpleListFilter):
    """On what terms a picture is used; a select beside the search."""

    title = _("licence")
    parameter_name = LICENCE
    template = "admin/articles/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("none", _("Not stated")), *Image.Licence.choices]

    def queryset(self, request: HttpRequest, queryset: Pictures) -> Pictures:
        if not self.value():
            return queryset
        return queryset.filter(licence="" if self.value() == "none" else self.value())


class Library(ChangeList):
    """The change list of pictures, with what the page shows beside its rows."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.request = request
        super().__init__(request, *args)

    def saved_views(self) -> Iterator[dict[str, Any]]:
        """Yield each view with its address, count and whether it is the one at hand."""
        found = counts(self.root_queryset)
        current = chosen_view(self.request.GET)
        for view in SAVED_VIEWS:
            yield {
                "name": view.name,
                "label": view.label,
                "url": self.get_query_string({VIEW: view.name}, ["p"]),
                "count": found[view.name],
                "is_current": view is current,
            }

    def licences(self) -> list[tuple[str, str | Promise, bool]]:
        """Return value, words and whether it is chosen, for the select of licences."""
        chosen = self.request.GET.get(LICENCE, "")
        choices = [("", _("All licences")), ("none", _("Not stated")), *Image.Licence.choices]
        return [(value, label, value == chosen) for value, label in choices]

    def cards(self) -> list[dict[str, Any]]:
        """Return the pictures of this page of the list."""
        return cards(self.result_list, self.request.user, timezone.localdate())

    @property
    def is_narrowed(self) -> bool:
        """Say whether anything but the whole library was asked for."""
        view = chosen_view(self.request.GET)
        return bool(self.query or self.request.GET.get(LICENCE) or view.name != ALL)

    @property
    def suffix(self) -> str:
        """Return the query of this page of the list, "" or "?..."; a picture's own page carries it along."""
        query = self.get_query_string()
        return query if query != "?" else ""
