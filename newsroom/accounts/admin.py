"""Staff accounts at the desk: inviting, roles, sections, closing. Rights are read in the code, not given here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401  (both register before this module takes them off)
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from newsroom.accounts import people
from newsroom.accounts.admin_forms import InviteForm, StaffForm
from newsroom.core import audit, groups, mail
from newsroom.core.admin import ReadOnlyAdmin
from newsroom.core.models import Invitation, User

PERSON = (
    pgettext_lazy("of an account", "Person"),
    {"fields": ("username", "first_name", "last_name", "email", "language", "zone")},
)
WORK = (gettext_lazy("Work"), {"fields": ("groups", "sections")})
OWN_WORK = (gettext_lazy("Work"), {"fields": ("own_roles", "own_sections")})
ACCESS = (gettext_lazy("Access"), {"fields": ("is_active", "last_login", "date_joined")})
# For superusers alone: what no role gives.
RIGHTS = (
    gettext_lazy("Rights beyond the roles"),
    {"fields": ("is_staff", "is_superuser", "user_permissions"), "classes": ("collapse",)},
)


class RoleFilter(admin.SimpleListFilter):
    """The role, in people's words."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(groups.LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() in groups.LABELS else queryset


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    """Staff accounts. They are closed, never deleted: what they did stays in their name."""

    form = StaffForm
    add_form = InviteForm
    add_form_template = "admin/core/user/invite.html"
    change_form_template = "admin/core/user/change_form.html"
    list_display = ("person", "email", "roles", "state", "last_login")
    list_filter = (RoleFilter, "is_active")
    list_select_related = ("invitation",)
    add_fieldsets = ((None, {"fields": ("email", "language", "groups", "sections")}),)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ("user_permissions",)
    ordering = ("username", "pk")
    actions = None

    # Who may

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let superusers alone change superusers and administrators.

        A new e-mail address would be enough to take an account over, and with it what its owner may do.
        """
        if obj is not None and obj.pk != request.user.pk and not request.user.is_superuser and is_guarded(obj):
            return False
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Leave passwords to those who own them; a superuser may set one where no mail arrives."""
        if not request.user.is_superuser:
            raise PermissionDenied
        response: HttpResponse = super().user_change_password(request, id, form_url)
        return response

    # The forms

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Return the parts of the form; one's own roles are shown, not offered."""
        if obj is None:
            return self.add_fieldsets
        is_own = obj.pk == request.user.pk
        parts = [PERSON, OWN_WORK if is_own or not self.has_change_permission(request, obj) else WORK, ACCESS]
        return [*parts, RIGHTS] if request.user.is_superuser else parts

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Fix what nobody changes here: one's own roles, one's own access, that of somebody still invited."""
        fixed = [*super().get_readonly_fields(request, obj), "own_roles", "own_sections"]
        if obj is not None and (obj.pk == request.user.pk or not self.has_change_permission(request, obj)):
            fixed += ["groups", "sections"]
        if obj is not None and (obj.pk == request.user.pk or is_invited(obj)):
            fixed.append("is_active")
        if obj is not None and obj.pk == request.user.pk:
            fixed += ["is_staff", "is_superuser", "user_permissions"]
        return tuple(fixed)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"may_make_administrators": request.user.is_superuser})

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save an account; a new one is an invitation, and the tick for access goes through its service."""
        by, at = staff(request), timezone.now()
        if not change:
            given = form.cleaned_data
            link = people.invite(
                email=given["email"],
                groups=given["groups"],
                sections=given["sections"],
                language=given["language"],
                by=by,
                at=at,
            )
            obj.pk = link.invitation.user_id
            obj.refresh_from_db()
            return
        before = User.objects.get(pk=obj.pk)
        wanted, obj.is_active = obj.is_active, before.is_active
        super().save_model(request, obj, form, change)
        if wanted != before.is_active:
            (people.reopen if wanted else people.close)(obj, by=by, at=at)
        if before.email != obj.email:
            self.tell_of_address(request, obj, before.email, by=by, at=at)

    def tell_of_address(self, request: HttpRequest, user: User, former: str, *, by: User, at: datetime) -> None:
        """Tell whoever has the former address that it counts no more; an invitation goes to the new one instead."""
        if is_invited(user):
            if people.follow_address(user, by=by, at=at):
                messages.success(request, _("Sent again. The link sent before no longer works."))
        elif former:
            mail.queue(mail.once("address"), former, "address_changed", {"user": user, "by": by}, at=at)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save roles and sections, and write down who changed which fields of whose account."""
        if not change:
            return
        super().save_related(request, form, formsets, change)
        by, at = staff(request), timezone.now()
        people.bind(form.instance, form.sections_chosen, by=by, at=at)
        audit.record("user.change", form.instance, by=by, at=at, fields=form.changed_data)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, _("Invited. The link is on its way to %(email)s.") % {"email": obj.email})
        return HttpResponseRedirect(reverse("admin:core_user_change", args=[obj.pk]))

    # The pages

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj: User | None = kwargs.get("obj")
        context |= {
            "title": str(obj) if obj else _("Invite somebody"),
            "subtitle": None,
            "invitation": Invitation.objects.filter(user=obj, accepted_at__isnull=True).first() if obj else None,
            "may_write": obj is not None and self.has_change_permission(request, obj),
            "at": timezone.now(),
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
        }
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:object_id>/invite/", view(self.invite_again), name="core_user_invite"),
            path("<int:object_id>/revoke/", view(self.revoke), name="core_user_revoke"),
            path("<int:object_id>/link/", view(self.send_link), name="core_user_link"),
        ]
        return own + super().get_urls()

    @method_decorator(require_POST)
    def invite_again(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Send the invitation again, with a new link."""
        return self.act(request, object_id, people.send_again, _("Sent again. The link sent before no longer works."))

    @method_decorator(require_POST)
    def revoke(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Take the invitation back."""
        return self.act(request, object_id, people.revoke, _("Taken back. The link no longer works."))

    def act(self, request: HttpRequest, object_id: int, service: Any, said: str) -> HttpResponse:
        """Do something to the invitation of an account, and go back to it."""
        user = self.fetch(request, object_id)
        try:
            service(get_object_or_404(Invitation, user=user), by=staff(request), at=timezone.now())
        except people.Gone:
            messages.error(request, _("Nothing was changed: the invitation was taken up or taken back already."))
        else:
            messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:core_user_change", args=[object_id]))

    @method_decorator(require_POST)
    def send_link(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Mail the person a link for a new password, as if they had asked for it."""
        user = self.fetch(request, object_id)
        if user.is_active and user.email:
            request_password_reset(request, user.email, [user], default_token_generator)
            audit.record("user.password_link", user, by=staff(request), at=timezone.now())
            messages.success(
                request, _("A link for a new password is on its way to %(email)s.") % {"email": user.email}
            )
        else:
            messages.error(request, _("Nothing was sent: the account is closed, or has no address."))
        return HttpResponseRedirect(reverse("admin:core_user_change", args=[object_id]))

    def fetch(self, request: HttpRequest, object_id: int) -> User:
        """Return the account the user may change. Raises Http404, PermissionDenied."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        user = get_object_or_404(User, pk=object_id)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        return user

    # What is shown

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("person"), ordering="username")
    def person(self, obj: User) -> str:
        return f"{obj.get_full_name()} ({obj.username})" if obj.get_full_name() else obj.username

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, obj: User) -> str:
        return role_words(obj) or "–"

    @admin.display(description=gettext_lazy("state"))
    def state(self, obj: User) -> SafeString:
        return SafeString(render_to_string("admin/core/user/_state.html", {"state": state_of(obj)}))

    @admin.display(description=gettext_lazy("Roles"))
    def own_roles(self, obj: User) -> str:
        return role_words(obj) or "–"

    @admin.display(description=gettext_lazy("Sections"))
    def own_sections(self, obj: User) -> str:
        return ", ".join(str(row.section) for row in obj.bound_to.select_related("section")) or _("all")


def staff(request: HttpRequest) -> User:
    """Return who is at work: the admin lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def is_guarded(user: User) -> bool:
    """Whether superusers alone may change the account."""
    return user.is_superuser or any(group.name == groups.ADMINISTRATOR for group in user.groups.all())


def is_invited(user: User) -> bool:
    """Whether the account waits for somebody to take it up."""
    invitation = getattr(user, "invitation", None)
    return invitation is not None and invitation.accepted_at is None


def state_of(user: User) -> str:
    """Return active, invited, revoked, expired or closed."""
    if user.is_active:
        return "active"
    invitation: Invitation | None = getattr(user, "invitation", None)
    if invitation is None or invitation.accepted_at is not None:
        return "closed"
    if invitation.revoked_at:
        return "revoked"
    return "invited" if invitation.is_open(timezone.now()) else "expired"


def role_words(user: User) -> str:
    """Return the account's roles in people's words."""
    held = {group.name for group in user.groups.all()}
    words = [str(label) for name, label in groups.LABELS.items() if name in held]
    return ", ".join([_("Superuser"), *words] if user.is_superuser else words)


# The library's own pages: a superuser's stolen session could read the secrets of second factors there and remove any,
# which takes the shell (`resetmfa`), and give an account a second address for new passwords.
for model in (Authenticator, EmailAddress):
    admin.site.unregister(model)
admin.site.unregister(Group)


@admin.register(Group)
class NewsroomGroupAdmin(GroupAdmin, ReadOnlyAdmin):
    """Roles can be looked at; what they may do is declared in the code (newsroom.core.groups)."""

    list_display = ("role", "duty")
    fields = ("role", "duty", "permissions")
    readonly_fields = ("role", "duty")

    @admin.display(description=gettext_lazy("role"), ordering="name")
    def role(self, obj: Group) -> str:
        return groups.label(obj.name)

    @admin.display(description=gettext_lazy("what it does"))
    def duty(self, obj: Group) -> str:
        return str(groups.DUTIES.get(obj.name, ""))
