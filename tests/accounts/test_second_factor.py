"""Who needs a second factor, and what it opens."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from newsroom.accounts import second_factor
from newsroom.core.models import AuditEntry, StaffSession, User
from tests.accounts.conftest import PASSWORD, browser, is_in, log_in
from tests.factories import AT, person

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SET_UP = "/accounts/mfa/totp/activate/"


def code(secret: str) -> str:
    """Return what the app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up(client: Client) -> HttpResponse:
    """Confirm the password, scan the picture and enter the first code."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(f"{SET_UP}?required=1")
    return client.post(SET_UP, {"code": code(page.context["form"].secret)})  # type: ignore[return-value]


@pytest.fixture
def secret(ed: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(ed, secret)
    return secret


@pytest.mark.parametrize(
    ("username", "is_required"),
    [("ada", False), ("mo", False), ("ed", True), ("cas", True), ("ina", True), ("root", True)],
)
def test_it_is_asked_of_editors_and_above(
    settings: LazySettings, chief: User, username: str, is_required: bool
) -> None:
    user = person(username, is_superuser=username == "root", is_staff=True)
    assert not second_factor.is_required(user)
    settings.SECOND_FACTOR_REQUIRED = True
    assert second_factor.is_required(User.objects.get(pk=user.pk)) == is_required


def test_who_needs_one_is_led_to_it_before_anything_else(
    settings: LazySettings, ed: User, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = Client()
    log_in(client, "ed")
    for path in ("/admin/", "/admin/articles/article/", "/admin/articles/article/add/", "/admin/nowhere/"):
        assert client.get(path).headers["Location"] == f"{SET_UP}?required=1"
        assert client.post(path).headers["Location"] == f"{SET_UP}?required=1"
    with django_capture_on_commit_callbacks(execute=True):
        answer = set_up(client)
    assert answer.headers["Location"] == "/accounts/mfa/recovery-codes/"
    assert len(client.get(answer.headers["Location"]).context["unused_codes"]) == 10
    assert client.get("/admin/articles/article/").status_code == 200
    assert AuditEntry.objects.about(ed).filter(action="user.second_factor_add").count() == 2


def test_who_needs_one_may_still_leave(settings: LazySettings, ed: User) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert browser(ed).post("/admin/logout/").headers["Location"] == "/accounts/login/"
    assert browser(person("ada")).get("/admin/").status_code == 200


def test_a_code_or_a_recovery_code_opens_and_each_once(ed: User, secret: str) -> None:
    recovery = RecoveryCodes.activate(ed).get_unused_codes()[0]
    for given in (code(secret), recovery):
        for opens in (True, False):
            client = Client()
            log_in(client, "ed")
            client.post("/accounts/mfa/authenticate/", {"code": given})
            assert is_in(client) == opens


def test_a_code_cannot_be_replayed_through_another_process_or_a_new_window(ed: User) -> None:
    edge = AT.replace(minute=9, second=59)
    assert second_factor.take(ed, "123456", at=edge)
    assert not second_factor.take(ed, " 123456", at=edge + timedelta(seconds=30))
    assert second_factor.take(person("cas"), "123456", at=edge)


def test_codes_cannot_be_guessed_through(ed: User, secret: str) -> None:
    client = Client()
    log_in(client, "ed")
    for _ in range(second_factor.PER_ACCOUNT):
        client.post("/accounts/mfa/authenticate/", {"code": "000000"})
    client.post("/accounts/mfa/authenticate/", {"code": code(secret)})
    assert not is_in(client)


def test_setting_one_up_ends_the_sessions_that_came_in_without(
    ed: User, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere, here = browser(ed), Client()
    log_in(here, "ed")
    with django_capture_on_commit_callbacks(execute=True):
        set_up(here)
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_resetmfa_removes_it_and_ends_all_sessions(ed: User, secret: str) -> None:
    client, out = browser(ed), StringIO()
    call_command("resetmfa", "ED@example.com", stdout=out)
    assert not Authenticator.objects.filter(user=ed).exists()
    assert not is_in(client)
    entry = AuditEntry.objects.about(ed).get(action="user.second_factor_reset")
    assert (entry.by, entry.data) == (None, {"removed": 1})
    log_in(client, "ed")
    assert is_in(client)
    with pytest.raises(CommandError):
        call_command("resetmfa", "nobody")


def test_createadmin_prints_a_link_that_works(ed: User) -> None:
    out = StringIO()
    call_command("createadmin", "root@example.com", "--link", stdout=out)
    url = next(word for word in out.getvalue().split() if word.startswith("http"))
    given = {"first_name": "Root", "username": "root", "password1": PASSWORD, "password2": PASSWORD}
    Client().post(url, given)
    root = User.objects.get(username="root")
    assert (root.is_superuser, root.is_active) == (True, True)
    with pytest.raises(CommandError):
        call_command("createadmin", "ED@example.com", "--link")
    with pytest.raises(CommandError):
        call_command("createadmin", "no address", "--link")


def test_createadmin_proposes_the_name_it_was_given(ed: User) -> None:
    out = StringIO()
    call_command("createadmin", "root@example.com", "--link", "--username", "boss", stdout=out)
    url = next(word for word in out.getvalue().split() if word.startswith("http"))
    assert 'value="boss"' in Client().get(url).content.decode()
    for unfit in ("ED", "kantor@pusat", "dua kata"):
        with pytest.raises(CommandError):
            call_command("createadmin", "other@example.com", "--link", "--username", unfit)
    assert User.objects.filter(is_superuser=True).count() == 1


def test_createadmin_asks_for_a_password_that_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["short", PASSWORD, "not the same one", PASSWORD, PASSWORD])
    monkeypatch.setattr("newsroom.management.commands.createadmin.getpass", lambda _prompt: next(typed))
    call_command("createadmin", "root@example.com", "--username", "boss", stdout=StringIO(), stderr=StringIO())
    client = Client()
    log_in(client, "boss")
    assert is_in(client)
    assert StaffSession.objects.count() == 1
