"""The list of stories: both states apart, saved views, filters; as many queries for ten rows as for a thousand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.story_page import staff
from articles.models import Article, Byline, DeskState, Publication, Section
from articles.states import PublicState, with_public_state
from articles.templatetags.article_desk import short_moment
from articles.translations import outdated
from newsroom.core.models import User

Stories = models.QuerySet[Article]

VIEW = "view"


@dataclass(frozen=True)
class SavedView:
    """A selection of stories that somebody asks for every day."""

    name: str
    label: str | Promise

    def condition(self, user: User) -> Q:
        """Return the condition on stories annotated with `public_state`."""
        conditions = {
            "mine": mine(user),
            "in_review": Q(desk_state=DeskState.IN_REVIEW),
            "scheduled": Q(public_state__in=[PublicState.SCHEDULED, PublicState.LIVE_UPDATE_SCHEDULED]),
            "live": Q(public_state__in=[PublicState.LIVE, PublicState.LIVE_UPDATE_SCHEDULED]),
            "held": Q(held_at__isnull=False),
        }
        return conditions.get(self.name, Q())


SAVED_VIEWS = (
    SavedView("all", _("All")),
    SavedView("mine", _("Mine")),
    SavedView("in_review", _("In review")),
    SavedView("scheduled", _("Scheduled")),
    SavedView("live", _("Live")),
    SavedView("held", _("Held")),
)


def mine(user: User) -> Q:
    """Return the condition of being `user`'s own story: begun by them, or under their name."""
    under_name = Byline.objects.filter(contributor__user=user).values("article")
    return Q(created_by=user) | Q(pk__in=under_name)


def counts(stories: Stories, user: User) -> dict[str, int]:
    """Return how many stories each saved view holds, with one query."""
    return stories.aggregate(**{view.name: Count("pk", filter=view.condition(user) or None) for view in SAVED_VIEWS})


class ViewFilter(admin.SimpleListFilter):
    """The saved view; its links stand above the list, not among the filters."""

    title = _("view")
    parameter_name = VIEW
    template = "admin/articles/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [(view.name, view.label) for view in SAVED_VIEWS]

    def queryset(self, request: HttpRequest, queryset: Stories) -> Stories:
        chosen = next((view for view in SAVED_VIEWS if view.name == self.value()), None)
        return queryset.filter(chosen.condition(staff(request))) if chosen else queryset


class DeskFilter(admin.SimpleListFilter):
    """What the desk thinks."""

    title = _("desk state")
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(DeskState.choices)

    def queryset(self, request: HttpRequest, queryset: Stories) -> Stories:
        return queryset.filter(desk_state=self.value()) if self.value() else queryset


class ReaderFilter(admin.SimpleListFilter):
    """What readers see."""

    title = _("what readers see")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(PublicState.choices)

    def queryset(self, request: HttpRequest, queryset: Stories) -> Stories:
        value = self.value()
        return queryset.filter(Q(public_state=value)) if value else queryset


class SectionFilter(admin.SimpleListFilter):
    """The section a story is filed under."""

    title = _("section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        sections = Section.objects.filter(archived_at__isnull=True).order_by("position", "name", "pk")
        return [(str(section.pk), section) for section in sections]

    def queryset(self, request: HttpRequest, queryset: Stories) -> Stories:
        value = self.value() or ""
        return queryset.filter(section=int(value)) if value.isdecimal() and len(value) < 19 else queryset


class StoryList(ChangeList):
    """The change list with the saved views above it."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        self.request = request
        super().__init__(request, *args)

    def saved_views(self) -> Iterator[dict[str, Any]]:
        """Yield each view with its address, count and whether it is the one at hand."""
        current = self.request.GET.get(VIEW, "all")
        found = counts(self.root_queryset, staff(self.request))
        for view in SAVED_VIEWS:
            yield {
                "label": view.label,
                "url": self.get_query_string({VIEW: view.name}, ["p"]),
                "count": found[view.name],
                "is_current": view.name == current,
            }


def with_moments(stories: Stories, at: datetime) -> Stories:
    """Annotate each story with its public state and the moments that go with it, and fetch what a row shows."""
    rows = Publication.objects.filter(article=OuterRef("pk"))
    return (
        with_public_state(stories, at)
        .annotate(
            public_since=Subquery(rows.at(at).values("visible_from")[:1]),
            public_next=Subquery(rows.planned(at).order_by("visible_from").values("visible_from")[:1]),
            is_behind=outdated(at),
            public_ended=Subquery(rows.over(at).order_by("-visible_until").values("visible_until")[:1]),
        )
        .select_related("section", "created_by")
        .prefetch_related(Prefetch("bylines", Byline.objects.select_related("contributor").order_by("position", "pk")))
    )


class StoryColumns(admin.ModelAdmin):
    """What a row of the list shows."""

    list_display = ("story", "desk", "readers", "filed_under", "saved")
    list_display_links = None
    list_filter = (ViewFilter, DeskFilter, ReaderFilter, SectionFilter)
    list_per_page = 50
    search_fields = ("title", "standfirst", "bylines__contributor__name")
    ordering = ("-updated_at", "-pk")
    # Nothing acts on many stories at once, least of all deletes them.
    actions = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StoryList

    @admin.display(description=_("title"), ordering="title")
    def story(self, obj: Article) -> SafeString:
        return SafeString(
            render_to_string(
                "admin/articles/_story_cell.html",
                {"story": obj, "names": names(obj), "url": f"{obj.pk}/change/", "embargo": is_embargoed(obj)},
            )
        )

    @admin.display(description=_("desk"), ordering="desk_state")
    def desk(self, obj: Article) -> SafeString:
        return SafeString(render_to_string("admin/includes/_desk_pill.html", {"state": obj.desk_state}))

    @admin.display(description=_("readers now"))
    def readers(self, obj: Any) -> SafeString:
        pill = render_to_string("admin/includes/_reader_pill.html", {"state": obj.public_state})
        return format_html("{}{}", SafeString(pill), moment_line(obj))

    @admin.display(description=_("section"), ordering="section__position", empty_value="—")
    def filed_under(self, obj: Article) -> str | None:
        return str(obj.section) if obj.section else None

    @admin.display(description=_("saved"), ordering="updated_at")
    def saved(self, obj: Article) -> SafeString:
        return short_moment(obj.updated_at)


def names(story: Article) -> str:
    """Return who stands over the story; whoever began it while nobody does. Expects prefetched bylines."""
    return ", ".join(str(byline.contributor) for byline in story.bylines.all()) or str(story.created_by or "")


def is_embargoed(story: Article) -> bool:
    """Say whether the story may not be published yet."""
    return story.embargo_until is not None and story.embargo_until > timezone.now()


def moment_line(story: Any) -> SafeString:
    """Return the moment that belongs to the story's public state; nothing for one that was never planned."""
    moments = {
        PublicState.LIVE: story.public_since,
        PublicState.WITHDRAWN: story.public_since,
        PublicState.SCHEDULED: story.public_next,
        PublicState.LIVE_UPDATE_SCHEDULED: story.public_next,
        PublicState.EXPIRED: story.public_ended,
    }
    at = moments.get(story.public_state)
    return format_html('<span class="pill-moment">{}</span>', short_moment(at)) if at else SafeString("")
