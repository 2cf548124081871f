"""The kernel's records at the desk: logs that can only be read."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.core.models import AuditEntry, OutboxMail
from newsroom.core.templatetags.newsroom_time import moment


class ReadOnlyAdmin(admin.ModelAdmin[models.Model]):
    """Pages that show and never change."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """The audit log: who did what to what, newest first."""

    list_display = ("moment", "by", "action", "object_type", "object_id")
    list_filter = ("action", "object_type")
    search_fields = ("=object_id", "action", "by__username")
    list_select_related = ("by",)
    ordering = ("-id",)
    show_full_result_count = False

    @admin.display(description=_("time"), ordering="at")
    def moment(self, entry: AuditEntry) -> str:
        """Show the time with its zone."""
        return moment(entry.at)


@admin.register(OutboxMail)
class OutboxMailAdmin(ReadOnlyAdmin):
    """The outbox: what waits, what was sent, what went wrong. Texts are not shown: their links may open things."""

    list_display = ("event", "recipient", "kind", "state", "send_after", "attempts", "error")
    list_filter = ("kind",)
    search_fields = ("=recipient", "event")
    fields = (
        "event",
        "recipient",
        "kind",
        "subject",
        "state",
        "created_at",
        "send_after",
        "attempts",
        "sent_at",
        "error",
    )
    readonly_fields = ("state",)
    ordering = ("-id",)
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the filters on offer alone: a text could be read letter by letter (`body_text__contains`)."""
        return lookup.partition("__")[0] in self.list_filter

    @admin.display(description=_("state"))
    def state(self, mail: OutboxMail) -> str:
        """Say in words how far the mail has come."""
        if mail.sent_at:
            return str(_("sent"))
        if mail.failed_at:
            return str(_("failed"))
        if mail.uncertain_at:
            return str(_("uncertain: the connection broke while it was handed over"))
        return str(_("being sent") if mail.claimed_at else _("waiting"))
