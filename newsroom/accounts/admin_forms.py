"""The forms by which an administrator invites people and keeps their accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.models import Section, SectionEditor
from newsroom.accounts.forms import NO_ADDRESS
from newsroom.core import groups
from newsroom.core.models import User


class GroupsField(forms.ModelMultipleChoiceField):
    """Groups as people's words, each with what it does, one tick each."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Group.objects.filter(name__in=groups.NAMES), label=_("Roles"), required=False, **kwargs)

    def label_from_instance(self, obj: Any) -> SafeString:
        duty = groups.DUTIES.get(obj.name, "")
        return format_html('{}<span class="choice-note"> {}</span>', groups.label(obj.name), duty)


class SectionsField(forms.ModelMultipleChoiceField):
    """Sections in the order of the paper."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Section.objects.filter(archived_at__isnull=True).order_by("position", "name", "pk"),
            label=_("Sections"),
            required=False,
            help_text=_(
                "For editors. Without a tick an editor works in all sections; with ticks in these alone, and on own "
                "stories. Chief editors work everywhere."
            ),
            **kwargs,
        )


def in_order(rows: QuerySet[Group]) -> list[Group]:
    """Return groups as they are offered: from the reporter to the administrator."""
    order = list(groups.LABELS)
    return sorted(rows, key=lambda group: order.index(group.name))


class RightsForm(forms.ModelForm):
    """What both forms share: an address nobody else has, roles, sections."""

    # Set by the admin for each request: what its user may hand out.
    may_make_administrators = False

    groups = GroupsField()
    sections = SectionsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if "groups" in self.fields:
            field: Any = self.fields["groups"]
            if not self.may_make_administrators:
                field.queryset = field.queryset.exclude(name=groups.ADMINISTRATOR)
            field.choices = [(row.pk, field.label_from_instance(row)) for row in in_order(field.queryset)]
        if "sections" in self.fields and self.instance.pk:
            bound = SectionEditor.objects.filter(user=self.instance)
            self.fields["sections"].initial = list(bound.values_list("section_id", flat=True))
        if "email" in self.fields:
            self.fields["email"].required = True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another account has this address."))
        return email

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if "@" in username and username != self.initial.get("username"):
            raise ValidationError(NO_ADDRESS)
        if User.objects.filter(username__iexact=username).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has this user name already."))
        return username

    @property
    def sections_chosen(self) -> list[Section]:
        """Return the sections ticked; those already bound where the form does not offer them."""
        if "sections" in self.fields:
            return list(self.cleaned_data["sections"])
        return list(Section.objects.filter(editors__user=self.instance))


class InviteForm(RightsForm):
    """Whom to invite, and to what. Name and password they choose themselves."""

    class Meta:
        model = User
        fields = ("email", "language", "groups")
        help_texts = {"email": _("The invitation goes there. The link in it works for seven days, once.")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("groups") and "groups" not in self.errors:
            self.add_error("groups", _("Choose at least one role: without one there is nothing to do at the desk."))
        return data


class StaffForm(RightsForm):
    """An account as it stands."""

    class Meta:
        model = User
        fields = (
            *("username", "first_name", "last_name", "email", "language", "zone", "groups"),
            *("is_active", "is_staff", "is_superuser", "user_permissions"),
        )
        help_texts = {
            "username": _("Letters, digits and . + - _; no @."),
            "is_active": _(
                "Without the tick nobody can log in to this account, and whoever is logged in is out at once. Bylines "
                "and all it did keep the name. Accounts are never deleted."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rights: Any = self.fields.get("user_permissions")
        if rights is not None:
            rights.queryset = Permission.objects.select_related("content_type")
