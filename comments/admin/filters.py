"""The filters above the queue: chips with counts, and the form that narrows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from articles.models import Article
from comments import permissions
from comments.admin.findings import RULES
from comments.admin.selection import Selection
from comments.models import Comment, RejectReason, SavedView, Status, Thread
from newsroom.core.models import User

# Stories offered by name; others are found by a word of their title.
STORIES = 30


@dataclass(frozen=True)
class Chip:
    """One link to a selection."""

    label: str
    selection: Selection
    # "" where counting would mean reading much.
    count: str
    is_current: bool
    # NULL: not a saved view.
    view_id: int | None = None


@dataclass
class Filters:
    """What the queue may be narrowed by, for one viewer. The number of queries depends on the saved views alone."""

    selection: Selection
    viewer: User

    @cached_property
    def states(self) -> list[Chip]:
        """Return a chip for each state, the other filters kept; counted where no filter narrows."""
        chips = []
        for state, label in Status.choices:
            there = self.selection.in_state(state)
            is_current = state == self.selection.state
            is_counted = is_current or not there.is_narrowed
            chips.append(Chip(str(label), there, there.count() if is_counted else "", is_current))
        return chips

    @cached_property
    def views(self) -> list[Chip]:
        """Return the viewer's own saved views."""
        if not permissions.can_moderate(self.viewer):
            return []
        kept = SavedView.objects.filter(owner=self.viewer).order_by("name", "pk")
        return [self._view(view) for view in kept]

    def _view(self, view: SavedView) -> Chip:
        there = Selection.read(QueryDict(view.query))
        return Chip(view.name, there, there.count(), there == self.selection, view.pk)

    @property
    def rules(self) -> list[tuple[str, str]]:
        """Return the rules to choose from: (code, words)."""
        return [(code, str(label)) for code, label in RULES.items()]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Return the reasons to choose from; waiting comments have none."""
        return [] if self.selection.is_waiting else [(value, str(label)) for value, label in RejectReason.choices]

    @cached_property
    def stories(self) -> list[tuple[int, str, int]]:
        """Return the stories with most comments waiting: (id, title, number)."""
        waiting = Count("comments", filter=Q(comments__status=Status.PENDING))
        busy = Thread.objects.filter(
            pk__in=Comment.objects.filter(status=Status.PENDING).order_by().values("thread_id")
        ).annotate(waiting=waiting)
        rows = busy.order_by("-waiting", "-pk").values_list("article_id", "article__title", "waiting")
        return list(rows[:STORIES]) if self.selection.is_waiting else []

    @cached_property
    def said(self) -> list[tuple[str, Selection]]:
        """Return the filters in force: in words, and the selection without that one."""
        now = self.selection
        told: list[tuple[str, dict[str, Any]]] = []
        if now.query:
            told.append((_("with “%(words)s”") % {"words": now.query}, {"query": ""}))
        if now.article_id is not None:
            title = Article.objects.filter(pk=now.article_id).values_list("title", flat=True).first()
            told.append((_("under “%(title)s”") % {"title": title or now.article_id}, {"article_id": None}))
        if now.rule:
            told.append((_("held by: %(rule)s") % {"rule": RULES[now.rule]}, {"rule": ""}))
        if now.reason:
            told.append((_("reason: %(reason)s") % {"reason": RejectReason(now.reason).label}, {"reason": ""}))
        if now.person is not None:
            told.append((_("from the address of %(name)s") % {"name": now.named(now.person).name}, {"person": None}))
        if now.like is not None:
            told.append((_("like the one by %(name)s") % {"name": now.named(now.like).name}, {"like": None}))
        return [(words, now.without(**gone)) for words, gone in told]
