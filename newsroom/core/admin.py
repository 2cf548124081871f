"""The kernel's records at the desk: accounts, and logs that can only be read."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.core import audit
from newsroom.core.models import AuditEntry, OutboxMail, User
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


class StaffCreationForm(AdminUserCreationForm[User]):
    """The first form of a new account. The focus stays where the person put it: at the head of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.pop("autofocus", None)


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Staff accounts. They are switched off, never deleted: what they did stays in their name."""

    list_display = ("username", "first_name", "last_name", "email", "is_staff", "is_active", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "language", "zone")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_form = StaffCreationForm
    readonly_fields = ("last_login", "date_joined")
    ordering = ("username", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save groups and rights, and write down who changed which fields of whose account."""
        super().save_related(request, form, formsets, change)
        action = "user.change" if change else "user.add"
        assert isinstance(request.user, User)
        audit.record(action, form.instance, by=request.user, at=timezone.now(), fields=form.changed_data)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Leave rights to superusers: an administrator who could grant them could take every right there is.

        Groups stay open to administrators; a superuser's own row does not.
        """
        fixed: tuple[Any, ...] = tuple(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_superuser else (*fixed, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let superusers alone change a superuser: a new e-mail address would be enough to take the account over."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


admin.site.unregister(Group)


@admin.register(Group)
class NewsroomGroupAdmin(GroupAdmin, ReadOnlyAdmin):
    """Groups can be looked at; what they may do is declared in the code (newsroom.core.groups)."""
