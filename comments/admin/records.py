"""Comments and decisions as records to look up. Nothing is changed here: that is the queue's work."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comments import permissions
from comments.admin import bulk, pages, views
from comments.models import Comment, Decision
from newsroom.core.templatetags.newsroom_time import moment

OPENING = 90


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Records that services write and people read."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes."""
        return False


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """Every comment, and the moderation queue below the same address."""

    list_display = ("opening", "name", "story", "state", "sent")
    list_filter = ("status",)
    search_fields = ("name", "text", "thread__article__title")
    search_help_text = _("Name, text, title of the story")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    fields = ("name", "email", "text", "story", "state", "reason", "sent", "in_queue")
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        """Put the queue before the stock addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("queue/", wrap(views.queue), name="comments_queue"),
            path("queue/<int:comment_id>/", wrap(views.card), name="comments_card"),
            path("queue/<int:comment_id>/decide/", wrap(views.decide), name="comments_decide"),
            path("queue/<int:comment_id>/remove/", wrap(views.remove), name="comments_remove"),
            path("queue/<int:comment_id>/person/", wrap(pages.person), name="comments_person"),
            path("queue/bulk/", wrap(bulk.page), name="comments_bulk"),
            path("queue/bulk/decide/", wrap(bulk.decide), name="comments_bulk_decide"),
            path("queue/bulk/<int:bulk_id>/", wrap(bulk.result), name="comments_bulk_result"),
            path("queue/bulk/<int:bulk_id>/undo/", wrap(bulk.undo), name="comments_bulk_undo"),
            path("queue/mine/", wrap(pages.mine), name="comments_mine"),
            path("queue/views/", wrap(pages.keep_view), name="comments_keep_view"),
            path("queue/views/<int:view_id>/drop/", wrap(pages.drop_view), name="comments_drop_view"),
            path("decisions/<int:decision_id>/undo/", wrap(views.undo), name="comments_undo"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Load the story's title with each comment, not its text."""
        comments: QuerySet[Comment] = super().get_queryset(request)
        return comments.select_related("thread__article").defer("thread__article__body")

    def get_fields(self, request: HttpRequest, obj: Comment | None = None) -> tuple[str, ...]:
        """Show addresses to moderators alone."""
        if permissions.can_moderate(request.user):
            return self.fields
        return tuple(name for name in self.fields if name != "email")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the filters on offer alone: other columns could be guessed letter by letter (`email__startswith`)."""
        return lookup.partition("__")[0] in self.list_filter

    def has_view_permission(self, request: HttpRequest, obj: Comment | None = None) -> bool:
        """Whoever may see the queue."""
        return permissions.can_see_queue(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may see the queue."""
        return permissions.can_see_queue(request.user)

    @admin.display(description=_("comment"))
    def opening(self, comment: Comment) -> str:
        """Return the first words."""
        return Truncator(comment.text).chars(OPENING)

    @admin.display(description=_("article"))
    def story(self, comment: Comment) -> str:
        """Return the title of the story."""
        return comment.thread.article.title

    @admin.display(description=_("status"), ordering="status")
    def state(self, comment: Comment) -> SafeString:
        """Return the pill."""
        return render_to_string("admin/includes/_comment_pill.html", {"state": comment.status})

    @admin.display(description=_("time"), ordering="created_at")
    def sent(self, comment: Comment) -> str:
        """Return when it came, with the zone."""
        return moment(comment.created_at)

    @admin.display(description=_("in the queue"))
    def in_queue(self, comment: Comment) -> SafeString:
        """Return a link to the card."""
        url = reverse("admin:comments_card", args=[comment.pk])
        return format_html('<a href="{}">{}</a>', url, _("Open the card, with context and decisions"))


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Who decided what, newest first."""

    list_display = ("subject", "from_status", "to_status", "reason", "by", "taken")
    list_filter = ("to_status", ("by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("comment", "by")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    fields = ("subject", "from_status", "to_status", "reason", "note", "by", "taken", "card")
    readonly_fields = fields

    def has_view_permission(self, request: HttpRequest, obj: Decision | None = None) -> bool:
        """Whoever may read decisions."""
        return permissions.can_see_decisions(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whoever may read decisions."""
        return permissions.can_see_decisions(request.user)

    @admin.display(description=_("comment"))
    def subject(self, decision: Decision) -> str:
        """Return name and first words."""
        return Truncator(str(decision.comment)).chars(OPENING)

    @admin.display(description=_("time"), ordering="at")
    def taken(self, decision: Decision) -> str:
        """Return when it was taken, with the zone."""
        return moment(decision.at)

    @admin.display(description=_("in the queue"))
    def card(self, decision: Decision) -> SafeString:
        """Return a link to the card, where the decision can be taken back."""
        url = reverse("admin:comments_card", args=[decision.comment_id])
        return format_html('<a href="{}">{}</a>', url, _("Open the card"))
