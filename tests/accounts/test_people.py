"""Invited, taken up, closed, opened again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from articles import permissions
from articles.models import SectionEditor
from newsroom.accounts import people
from newsroom.core.models import AuditEntry, OutboxMail, StaffSession, User
from tests.accounts.conftest import PASSWORD, browser, is_in, log_in
from tests.factories import AT, make_article, make_section, person

pytestmark = pytest.mark.django_db
NEW = {"first_name": "Wulan", "last_name": "Sari", "username": "wulan", "password1": PASSWORD, "password2": PASSWORD}


def invite(**fields: Any) -> people.Link:
    given = {"email": "Wulan@Example.com", "groups": [Group.objects.get(name="editor")], "by": person("cas")}
    return people.invite(**{**given, "at": timezone.now(), **fields})


def test_an_invitation_becomes_an_account_that_may_log_in() -> None:
    link = invite(sections=[make_section()])
    mail = OutboxMail.objects.get()
    assert (mail.recipient, link.url in mail.body_text) == ("Wulan@example.com", True)
    client = Client()
    assert client.get(link.url).status_code == 200
    assert client.post(link.url, NEW).headers["Location"] == "/accounts/login/"
    assert not is_in(client)
    log_in(client, "wulan")
    assert is_in(client)
    user = User.objects.get(username="wulan")
    assert (str(user), user.is_staff, [group.name for group in user.groups.all()]) == ("Wulan Sari", True, ["editor"])
    assert permissions.can_approve(user, make_article())
    assert not permissions.can_approve(user, make_article(section=make_section("Eropa")))
    actions = set(AuditEntry.objects.about(user).values_list("action", flat=True))
    assert actions >= {"user.invite", "user.sections", "user.take_up"}


def test_nothing_personal_stands_in_the_log() -> None:
    client, link = Client(), invite()
    client.post(link.url, NEW)
    log_in(client, "wulan")
    assert not any(re.search("(?i)wulan|sari", str(entry.data)) for entry in AuditEntry.objects.all())


def test_nobody_logs_in_before_the_link_was_followed() -> None:
    link = invite()
    user = link.invitation.user
    assert (user.is_active, user.has_usable_password()) == (False, False)
    Client().post("/accounts/password/reset/", {"email": user.email})
    assert OutboxMail.objects.count() == 1


def test_a_link_sent_again_replaces_the_first_and_one_taken_back_is_dead() -> None:
    first = invite()
    second = people.send_again(first.invitation, by=None, at=timezone.now())
    assert Client().get(first.url).status_code == 410
    assert Client().get(second.url).status_code == 200
    people.revoke(second.invitation, by=None, at=timezone.now())
    assert Client().post(second.url, NEW).status_code == 410
    with pytest.raises(people.Gone):
        people.revoke(second.invitation, by=None, at=timezone.now())


def test_what_is_wrong_comes_back_with_what_was_typed() -> None:
    link = invite()
    person("ada")
    answer = Client().post(link.url, {**NEW, "username": "ADA", "password2": "another one altogether"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"username", "password2"}
    assert 'value="Wulan"' in answer.content.decode()
    weak = Client().post(link.url, {**NEW, "password1": "short", "password2": "short"})
    assert set(weak.context["form"].errors) == {"password1"}
    assert not User.objects.filter(username="wulan", is_active=True).exists()


def test_two_people_called_alike_get_two_names() -> None:
    assert [invite(email=f"wulan@{host}.id").invitation.user.username for host in "abc"] == [
        "wulan",
        "wulan2",
        "wulan3",
    ]
    with pytest.raises(ValidationError):
        invite(email="no address")


def test_closing_ends_everything_at_once_and_keeps_what_was_done(ada: User) -> None:
    article = make_article(by=ada)
    client, mail_before = browser(ada), OutboxMail.objects.count()
    assert client.get(f"/admin/articles/article/{article.pk}/preview/").status_code == 200
    people.close(ada, by=None, at=AT)
    assert not StaffSession.objects.filter(user=ada).exists()
    assert client.get(f"/admin/articles/article/{article.pk}/preview/").status_code == 302
    log_in(client, "ada")
    assert not is_in(client)
    article.refresh_from_db()
    assert (article.created_by, article.bylines.count()) == (ada, 1)
    assert not permissions.can_change(ada, article)
    people.reopen(ada, by=None, at=AT + timedelta(hours=1))
    log_in(client, "ada")
    assert is_in(client)
    assert OutboxMail.objects.count() == mail_before


def test_closing_twice_is_written_down_once(ada: User) -> None:
    for _ in range(2):
        people.close(ada, by=None, at=AT)
    assert AuditEntry.objects.about(ada).filter(action="user.close").count() == 1


def test_sections_are_bound_and_unbound(ed: User) -> None:
    timur, eropa = make_section(), make_section("Eropa")
    people.bind(ed, [timur, eropa], by=None, at=AT)
    people.bind(ed, [eropa], by=None, at=AT)
    assert list(SectionEditor.objects.filter(user=ed).values_list("section__name", flat=True)) == ["Eropa"]
    people.bind(ed, [], by=None, at=AT)
    assert not SectionEditor.objects.filter(user=ed).exists()
