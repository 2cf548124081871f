""" "My desk": what burns, what waits, what is mine. Every figure links to exactly the rows it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from articles import pages, visits
from articles import permissions as story_permissions
from articles.admin.listing import SAVED_VIEWS, mine
from articles.models import Article, DeskState, Publication
from articles.states import with_public_state
from comments import permissions
from comments.admin.clock import ANSWER_WITHIN, URGENT, Clock, clock_for
from comments.models import Comment, Status
from newsroom.core.models import User
from newsroom.desk.parts import Ahead, Figure
from newsroom.desk.replies import Replies

AHEAD = timedelta(hours=48)
ROWS = 5
AHEAD_ROWS = 20


@dataclass(frozen=True)
class Panel:
    """A list of stories with the figure it begins."""

    name: str
    heading: str | Promise
    empty: str | Promise
    url: str
    total: int
    stories: list[Article] = field(default_factory=list)


@dataclass(frozen=True)
class CommentGroup:
    """Waiting comments of one urgency."""

    label: str
    number: int
    clock: Clock


@dataclass(frozen=True)
class Board:
    """Everything on "My desk"."""

    figures: list[Figure]
    ahead: list[Ahead]
    panels: list[Panel]
    # NULL: the user has nothing to do with comments.
    comments: list[CommentGroup] | None
    # Stories with how often they were read (visits.most_read). NULL: the user does not work on stories.
    most_read: list[visits.ReadStory] | None
    may_add: bool


def board_for(request: HttpRequest, *, at: datetime) -> Board:
    """Return the board of `request.user` at `at`, by a number of queries that does not depend on the rows."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("The desk is for staff.")
    stories = Stories(request, user, at)
    waiting = Waiting(at) if permissions.can_see_queue(user) else None
    replies = Replies(user, at)
    figures = [
        *stories.figures(),
        *(waiting.figures() if waiting else []),
        *replies.figures(),
        *_failed_tasks(request),
        *_missing_pages(request),
    ]
    ahead = [*stories.ahead(), *(waiting.ahead() if waiting else []), *replies.ahead()]
    return Board(
        figures=figures,
        ahead=sorted(ahead, key=lambda one: one.at)[:AHEAD_ROWS],
        panels=stories.panels(),
        comments=waiting.groups() if waiting else None,
        most_read=visits.most_read(stories.readable, at=at, number=ROWS) if stories.works else None,
        may_add=story_permissions.can_add(user),
    )


class Stories:
    """The board's part about stories, for one user."""

    def __init__(self, request: HttpRequest, user: User, at: datetime) -> None:
        self.user, self.at = user, at
        self.list_url = reverse("admin:articles_article_changelist")
        self.may_see = user.has_perm("articles.view_article")
        self.works = user.has_perm("articles.change_article")
        self.approves = user.has_perm("articles.approve_article")
        self.readable: QuerySet[Article] = admin.site.get_model_admin(Article).get_queryset(request)
        self.stories: QuerySet[Article] = with_public_state(self.readable, at)
        self.numbers = self._count() if self.may_see else {}

    def figures(self) -> Iterator[Figure]:
        """Yield the figures this user has a use for."""
        if not self.may_see:
            return
        numbers = self.numbers
        if self.works:
            note = _("%(number)d to revise") % {"number": numbers["to_revise"]} if numbers["to_revise"] else ""
            yield Figure("mine", numbers["mine"], _("Mine"), self.url("mine"), note, "due" if note else "calm")
        if self.approves:
            oldest = numbers["oldest_in_review"]
            note = _("oldest %(time)s") % {"time": _age(self.at - oldest)} if oldest else ""
            yield Figure("in_review", numbers["in_review"], _("In review"), self.url("in_review"), note)
        if self.works:
            yield Figure("scheduled", numbers["scheduled"], _("Scheduled"), self.url("scheduled"))
            level = "stop" if numbers["held"] else "calm"
            yield Figure("held", numbers["held"], _("Held"), self.url("held"), level=level)

    def panels(self) -> list[Panel]:
        """Return what waits for this user and what is theirs, the longest-standing and the newest first."""
        shown: list[Panel] = []
        if self.approves:
            rows = self.stories.filter(desk_state=DeskState.IN_REVIEW).order_by("updated_at", "pk")
            shown.append(self.panel("in_review", _("Waiting for an editor"), _("Nothing waits for review."), rows))
        if self.works:
            own = self.stories.filter(pk__in=Article.objects.filter(mine(self.user)).values("pk"))
            rows = own.order_by("-updated_at", "-pk")
            shown.append(self.panel("mine", _("Mine"), _("You have begun no story yet."), rows))
        return shown

    def panel(self, view: str, heading: str, empty: str, rows: QuerySet[Article]) -> Panel:
        """Return one list with the first rows."""
        stories = rows.select_related("created_by").defer("body", "key_points")[:ROWS]
        return Panel(view, heading, empty, self.url(view), self.numbers[view], list(stories))

    def ahead(self) -> Iterator[Ahead]:
        """Yield what will begin and end before readers' eyes, and which embargo will lift."""
        if not self.works:
            return
        until = self.at + AHEAD
        planned = Publication.objects.planned(self.at).filter(visible_from__lte=until, kind=Publication.Kind.STORY)
        updates = set(
            Publication.objects.live(self.at)
            .filter(article__in=planned.values("article"))
            .values_list("article_id", flat=True)
        )
        columns = ("article_id", "article__title", "visible_from", "visible_until")
        for pk, title, begins, _ends in planned.order_by("visible_from").values_list(*columns)[:AHEAD_ROWS]:
            yield Ahead(begins, "update" if pk in updates else "publish", title, _story_url(pk))
        # A version that the next one follows at once does not end for readers.
        followed = Publication.objects.planned(self.at).filter(
            article=OuterRef("article"), visible_from=OuterRef("visible_until")
        )
        ending = Publication.objects.live(self.at).filter(~Exists(followed), visible_until__lte=until)
        for pk, title, _begins, ends in ending.order_by("visible_until").values_list(*columns)[:AHEAD_ROWS]:
            yield Ahead(ends, "end", title, _story_url(pk))
        embargoed = self.stories.filter(embargo_until__gt=self.at, embargo_until__lte=until)
        for pk, title, lifts in embargoed.order_by("embargo_until").values_list("pk", "title", "embargo_until")[:ROWS]:
            if lifts:
                yield Ahead(lifts, "embargo", title, _story_url(pk))

    def url(self, view: str) -> str:
        """Return the address of a saved view."""
        return f"{self.list_url}?view={view}"

    def _count(self) -> dict[str, Any]:
        in_review = Q(desk_state=DeskState.IN_REVIEW)
        views = {view.name: Count("pk", filter=view.condition(self.user)) for view in SAVED_VIEWS if view.name != "all"}
        return self.stories.aggregate(
            **views,
            to_revise=Count("pk", filter=mine(self.user) & Q(desk_state=DeskState.CHANGES_REQUESTED)),
            oldest_in_review=Min("updated_at", filter=in_review),
        )


class Waiting:
    """The board's part about comments that wait."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        urgent, due = Q(created_at__lt=at - ANSWER_WITHIN + URGENT), Q(created_at__lt=at - ANSWER_WITHIN / 2)
        found = Comment.objects.filter(status=Status.PENDING).aggregate(
            total=Count("pk"),
            urgent=Count("pk", filter=urgent),
            due=Count("pk", filter=due & ~urgent),
            calm=Count("pk", filter=~due),
            oldest=Min("created_at"),
            oldest_due=Min("created_at", filter=due & ~urgent),
            oldest_calm=Min("created_at", filter=~due),
        )
        self.found = found

    def figures(self) -> Iterator[Figure]:
        """Yield how many wait, and how the oldest stands."""
        oldest = self.found["oldest"]
        clock = clock_for(oldest, at=self.at) if oldest else None
        level = {"past": "stop", "urgent": "stop", "due": "due"}.get(clock.level, "calm") if clock else "calm"
        url = reverse("admin:comments_queue")
        yield Figure("comments", self.found["total"], _("Comments waiting"), url, clock.words if clock else "", level)

    def ahead(self) -> Iterator[Ahead]:
        """Yield the moment at which the oldest has waited too long."""
        oldest = self.found["oldest"]
        if oldest and oldest + ANSWER_WITHIN >= self.at:
            title = _("The oldest comment has waited 48 hours")
            yield Ahead(oldest + ANSWER_WITHIN, "deadline", title, reverse("admin:comments_queue"))

    def groups(self) -> list[CommentGroup]:
        """Return the waiting ones by urgency, each with the clock of its oldest."""
        rows = (
            (_("Less than 8 hours left"), self.found["urgent"], self.found["oldest"]),
            (_("Less than a day left"), self.found["due"], self.found["oldest_due"]),
            (_("More than a day left"), self.found["calm"], self.found["oldest_calm"]),
        )
        return [CommentGroup(label, number, clock_for(oldest, at=self.at)) for label, number, oldest in rows if number]


def _failed_tasks(request: HttpRequest) -> Iterator[Figure]:
    """Yield the tasks that failed, for whoever may look at them."""
    if not admin.site.is_registered(DBTaskResult):
        return
    tasks = admin.site.get_model_admin(DBTaskResult)
    if tasks.has_view_permission(request):
        number = DBTaskResult.objects.filter(status="FAILED").count()
        url = reverse(f"admin:{DBTaskResult._meta.app_label}_dbtaskresult_changelist") + "?status__exact=FAILED"
        yield Figure("tasks", number, _("Failed tasks"), url, level="stop" if number else "calm")


def _missing_pages(request: HttpRequest) -> Iterator[Figure]:
    """Yield the pages that law and guideline want readers to find and that they do not, for who may write them."""
    if request.user.has_perm("articles.change_page"):
        missing = pages.missing()
        if missing:
            url = reverse("admin:articles_page_changelist") + f"?slug__in={','.join(sorted(missing))}"
            yield Figure(
                "pages", len(missing), _("Pages readers must find"), url, note=_("masthead, guideline"), level="due"
            )


def _age(age: timedelta) -> str:
    hours = int(age.total_seconds()) // 3600
    if hours < 1:
        return _("under an hour")
    return _("%(hours)d h") % {"hours": hours} if hours < 48 else _("%(days)d days") % {"days": hours // 24}


def _story_url(article_id: int) -> str:
    return reverse("admin:articles_article_change", args=[article_id])
