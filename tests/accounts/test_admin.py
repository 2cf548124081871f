"""The account pages at the desk: inviting, roles, closing; and what nobody can take for themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from articles.models import SectionEditor
from newsroom.core.models import AuditEntry, Invitation, OutboxMail, StaffSession, User
from tests.accounts.conftest import browser
from tests.factories import make_section, person

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ADD = "/admin/core/user/add/"


def group(name: str) -> int:
    return Group.objects.get(name=name).pk


def page(user: User) -> str:
    return reverse("admin:core_user_change", args=[user.pk])


def save(client: Client, user: User, **changes: Any) -> int:
    """Save the account's page with `changes`; None leaves a field out."""
    fields = {
        "username": user.username, "first_name": user.first_name, "last_name": user.last_name, "email": user.email,
        "language": user.language, "zone": user.zone, "is_active": "on" if user.is_active else None,
        "groups": list(user.groups.values_list("pk", flat=True)),
    }  # fmt: skip
    data = {name: value for name, value in {**fields, **changes}.items() if value is not None}
    return client.post(page(user), data).status_code


def names(user: User) -> list[str]:
    return sorted(user.groups.values_list("name", flat=True))


def test_a_name_that_differs_by_case_alone_is_taken(chief: User, ada: User) -> None:
    other = person("wulan")
    client = browser(chief)
    assert save(client, other, username="ADA") == 200
    assert "username" in client.post(page(other), {"username": "ADA"}).context["adminform"].form.errors
    assert save(client, ada, username="Ada") == 302
    other.username = "ADA"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


def test_an_administrator_invites_with_roles_and_sections(chief: User) -> None:
    section, client = make_section(), browser(chief)
    given = {"email": "w@example.com", "language": "en", "groups": [group("editor")], "sections": [section.pk]}
    answer = client.post(ADD, given)
    user = User.objects.get(email="w@example.com")
    assert answer.headers["Location"] == page(user)
    assert (names(user), user.is_staff, user.is_active) == (["editor"], True, False)
    assert SectionEditor.objects.get().section == section
    assert "desk" in OutboxMail.objects.get().subject
    assert client.get(page(user)).status_code == 200
    first = Invitation.objects.get().digest
    client.post(reverse("admin:core_user_invite", args=[user.pk]))
    assert Invitation.objects.get().digest != first
    client.post(reverse("admin:core_user_revoke", args=[user.pk]))
    assert Invitation.objects.get().revoked_at


@pytest.mark.parametrize("wrong", [{"email": "ED@example.com"}, {"email": "x"}, {"groups": []}])
def test_what_is_wrong_with_an_invitation_is_said(chief: User, ed: User, wrong: dict[str, Any]) -> None:
    given = {"email": "w@example.com", "language": "id", "groups": [group("reporter")], **wrong}
    answer = browser(chief).post(ADD, given)
    assert set(answer.context["adminform"].form.errors) == set(wrong)
    assert not Invitation.objects.exists()


def test_roles_are_offered_in_words_and_the_administrators_by_superusers_alone(chief: User) -> None:
    def offered(user: User) -> list[str]:
        form = browser(user).get(ADD, headers={"accept-language": "en"}).context["adminform"].form
        return [str(label).partition("<")[0] for _value, label in form.fields["groups"].choices]

    User.objects.update(language="en")
    roles = ["Reporter", "Editor", "Chief editor", "Moderator"]
    assert offered(chief) == roles
    assert offered(person("root", is_superuser=True, is_staff=True, language="en")) == [*roles, "Administrator"]


def test_roles_and_sections_change_with_a_trace(chief: User, ada: User) -> None:
    section = make_section()
    assert save(browser(chief), ada, groups=[group("editor")], sections=[section.pk]) == 302
    assert (names(ada), SectionEditor.objects.get(user=ada).section) == (["editor"], section)
    fields = AuditEntry.objects.about(ada).get(action="user.change").data["fields"]
    assert sorted(fields) == ["groups", "sections"]


def test_the_tick_closes_the_account_at_once(chief: User, ada: User) -> None:
    client = browser(ada)
    assert save(browser(chief), ada, is_active=None) == 302
    ada.refresh_from_db()
    assert (ada.is_active, StaffSession.objects.filter(user=ada).exists()) == (False, False)
    assert client.get("/admin/").status_code == 302
    assert save(browser(chief), ada, is_active="on") == 302
    ada.refresh_from_db()
    assert ada.is_active


def test_a_new_address_is_told_to_the_old_one(chief: User, ada: User) -> None:
    save(browser(chief), ada, email="new@example.com")
    assert OutboxMail.objects.get().recipient == "ada@example.com"


def test_an_administrator_mails_a_link_and_sets_no_password(chief: User, ada: User) -> None:
    client = browser(chief)
    assert client.post(reverse("admin:core_user_link", args=[ada.pk])).status_code == 302
    assert "/password/reset/key/" in OutboxMail.objects.get(recipient="ada@example.com").body_text
    assert client.get(reverse("admin:auth_user_password_change", args=[ada.pk])).status_code == 403


def test_permission_lists_are_for_superusers(chief: User, ada: User) -> None:
    def fields(user: User) -> set[str]:
        return set(browser(user).get(page(ada)).context["adminform"].form.fields)

    beyond = {"is_staff", "is_superuser", "user_permissions"}
    assert not fields(chief) & beyond
    assert fields(person("root", is_superuser=True, is_staff=True)) >= beyond


def test_the_list_names_states_and_asks_the_same_however_many(chief: User, django_assert_max_num_queries: Any) -> None:
    for number in range(15):
        person(f"p{number}", is_staff=True).groups.add(group("reporter"))
    client = browser(chief)
    with django_assert_max_num_queries(16):
        answer = client.get("/admin/core/user/?role=reporter")
    assert len(answer.context["cl"].result_list) == 15
