"""Attacks on staff accounts: invitations, log-in, second factor, rights, mailed links."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import hashers
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsroom.accounts import adapter, forms, people
from newsroom.core import tokens
from newsroom.core.models import OutboxMail, RateCount, StaffSession, User
from tests.accounts.conftest import LOGIN, PASSWORD, ada, browser, chief, ed, is_in, log_in
from tests.factories import person

__all__ = ["ada", "chief", "ed"]  # the fixtures of the people at the desk

pytestmark = pytest.mark.django_db
NEW = {"first_name": "Tom", "username": "tom2", "password1": PASSWORD, "password2": PASSWORD}


def invite(**fields: Any) -> people.Link:
    given = {"email": "w@example.com", "groups": Group.objects.filter(name="editor"), "by": None, **fields}
    return people.invite(**{"at": timezone.now(), **given})


def path(token: str) -> str:
    return reverse("account_invitation", args=[token])


# Invitations


def test_an_invitation_is_taken_up_once() -> None:
    link = invite()
    assert Client().post(link.url, NEW).status_code == 302
    again = {**NEW, "username": "thief", "password1": "another password", "password2": "another password"}
    assert Client().post(link.url, again).status_code == 410
    assert User.objects.get(pk=link.invitation.user_id).check_password(PASSWORD)


def test_of_two_people_with_the_link_open_at_once_one_wins() -> None:
    link, at = invite(), timezone.now()
    given = {"username": "one", "first_name": "A", "last_name": "", "password": PASSWORD, "at": at}
    seen = [people.invited(link.url.rstrip("/").rpartition("/")[2], at=at) for _ in range(2)]
    people.take_up(seen[0], **given)  # type: ignore[arg-type]
    with pytest.raises(people.Gone):
        people.take_up(seen[1], **{**given, "username": "two"})  # type: ignore[arg-type]


def test_forged_foreign_and_old_links_all_read_the_same() -> None:
    link, at = invite(), timezone.now()
    pk = link.invitation.pk
    old = invite(email="old@example.com", at=at - people.LINK_WORKS - timedelta(seconds=1))
    dead = [
        path("x"),
        path(tokens.make("accounts.device", f"{pk}.x", at=at)),
        path(tokens.make("comments.form", f"{pk}.{secrets.token_urlsafe(24)}", at=at)),
        path(tokens.make(people.PURPOSE, f"{pk}.guessed", at=at)),
        path(tokens.make(people.PURPOSE, "999999.x", at=at)),
        link.url[:-2] + "/",
        old.url,
    ]
    pages = [Client().post(url, NEW) for url in dead]
    assert {page.status_code for page in pages} == {410}
    assert len({page.content for page in pages}) == 1


def test_an_invitation_is_no_other_token() -> None:
    link = invite()
    token = link.url.rstrip("/").rpartition("/")[2]
    with pytest.raises(tokens.Invalid):
        tokens.read("comments.form", token, max_age=timedelta(days=9), at=timezone.now())


def test_an_invited_person_takes_no_more_than_was_given() -> None:
    link = invite()
    more = {"is_superuser": "on", "is_staff": "on", "groups": "1", "email": "x@evil.example", "user_permissions": "1"}
    Client().post(link.url, {**NEW, **more})
    user = User.objects.get(username="tom2")
    assert (user.is_superuser, user.email, [group.name for group in user.groups.all()]) == (
        False, "w@example.com", ["editor"],
    )  # fmt: skip


def test_an_invitation_sent_to_a_wrong_address_is_dead_once_it_was_put_right(chief: User) -> None:
    link = invite(email="wrong@example.com")
    OutboxMail.objects.all().delete()
    assert post(browser(chief), link.invitation.user, email="right@example.com") == 302
    assert Client().post(link.url, NEW).status_code == 410
    assert [mail.recipient for mail in OutboxMail.objects.all()] == ["right@example.com"]


def test_an_invitation_taken_back_is_not_sent_to_a_new_address(chief: User) -> None:
    link = invite()
    people.revoke(link.invitation, by=chief, at=timezone.now())
    OutboxMail.objects.all().delete()
    assert post(browser(chief), link.invitation.user, email="right@example.com") == 302
    assert not OutboxMail.objects.exists()
    assert Client().post(link.url, NEW).status_code == 410


def test_the_address_of_an_invitation_is_told_to_no_other_host() -> None:
    answer = Client().get(invite().url)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


# Log-in


def test_a_session_fixed_before_log_in_is_worth_nothing_after(ada: User) -> None:
    thief, victim = Client(), Client()
    session = thief.session
    session["x"] = 1
    session.save()
    victim.cookies["sessionid"] = session.session_key or ""
    log_in(victim, "ada")
    thief.cookies["sessionid"] = session.session_key or ""
    assert (is_in(victim), is_in(thief)) == (True, False)


@pytest.mark.parametrize("login", ["nobody", "nobody@example.com", "gone", "gone@example.com", "ada@example.com"])
def test_a_wrong_password_costs_the_same_work_whoever_is_named(
    ada: User, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("gone", is_active=False, password=hashers.make_password("x"), is_staff=True)
    work: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(hasher: hashers.MD5PasswordHasher, *args: Any) -> str:
        work.append("hash")
        return encode(hasher, *args)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)

    def effort(name: str) -> tuple[int, int]:
        work.clear()
        status = Client().post(LOGIN, {"login": name, "password": "wrong wrong wrong"}).status_code
        return len(work), status

    known = "ada@example.com" if "@" in login else "ada"
    assert effort(login) == effort(known)


@pytest.mark.parametrize("name", ["ada@example.com", "nobody@example.com", "gone@example.com"])
def test_asking_for_a_new_password_tells_nobody_who_has_an_account(ada: User, name: str) -> None:
    person("gone", is_active=False)
    answer = Client().post(reverse("account_reset_password"), {"email": name})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("account_reset_password_done"))
    assert set(OutboxMail.objects.values_list("recipient", flat=True)) <= {"ada@example.com"}


def test_the_work_of_a_reset_is_the_same_for_a_stranger(ada: User) -> None:
    def queries(email: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().post(reverse("account_reset_password"), {"email": email})
        return len(captured)

    queries("warm@example.com")
    assert abs(queries("ada@example.com") - queries("nobody@example.com")) <= 1


def test_too_many_resets_send_no_more_and_say_the_same(ada: User) -> None:
    answers = {
        Client().post(reverse("account_reset_password"), {"email": "ada@example.com"}).headers["Location"]
        for _ in range(forms.RESETS_PER_ADDRESS + 3)
    }
    assert answers == {reverse("account_reset_password_done")}
    assert OutboxMail.objects.count() == forms.RESETS_PER_ADDRESS


def test_guessing_from_many_networks_ends_and_the_owner_still_gets_in(ada: User) -> None:
    own = Client(REMOTE_ADDR="192.0.2.1")
    log_in(own, "ada")
    own.post("/admin/logout/")
    log_in(Client(REMOTE_ADDR="198.51.100.9"), "ada", "wrong")
    RateCount.objects.filter(scope="login.account").update(count=adapter.PER_ACCOUNT)
    stranger = Client(REMOTE_ADDR="203.0.113.5")
    log_in(stranger, "ada")
    log_in(own, "ada")
    assert (is_in(stranger), is_in(own)) == (False, True)


def test_a_known_browser_is_known_for_its_own_account_and_has_a_limit(ada: User, ed: User) -> None:
    own = Client()
    log_in(own, "ada")
    own.post("/admin/logout/")
    for _ in range(adapter.PER_DEVICE):
        log_in(own, "ada", "wrong")
    log_in(own, "ada")
    assert not is_in(own)
    RateCount.objects.filter(scope="login.account").delete()
    log_in(Client(REMOTE_ADDR="198.51.100.9"), "ed", "wrong")
    RateCount.objects.filter(scope="login.account").update(count=adapter.PER_ACCOUNT)
    log_in(own, "ed")
    assert not is_in(own)


# Mailed links


@pytest.mark.parametrize("host", ["evil.example", "localhost", "testserver.evil.example", "testserver:8888"])
def test_a_forged_host_never_stands_in_a_mailed_link(ada: User, host: str) -> None:
    Client(headers={"host": host}).post(reverse("account_reset_password"), {"email": "ada@example.com"})
    for mail in OutboxMail.objects.all():
        assert "http://testserver/accounts/password/reset/key/" in mail.body_text
        assert "evil" not in mail.body_text
        assert "8888" not in mail.body_text


def test_a_reset_link_of_a_closed_account_is_dead(ada: User) -> None:
    Client().post(reverse("account_reset_password"), {"email": "ada@example.com"})
    link = next(word for word in OutboxMail.objects.get().body_text.split() if "/reset/key/" in word)
    people.close(ada, by=None, at=timezone.now())
    assert b"password1" not in Client().get(link, follow=True).content


def test_a_former_address_opens_an_account_no_more(chief: User, ada: User) -> None:
    Client().post(reverse("account_reset_password"), {"email": "ada@example.com"})
    assert post(browser(chief), ada, email="new@example.com") == 302
    OutboxMail.objects.all().delete()
    for address in ("ada@example.com", "new@example.com"):
        Client().post(reverse("account_reset_password"), {"email": address})
    assert [mail.recipient for mail in OutboxMail.objects.all()] == ["new@example.com"]


# Second factor


def test_no_direct_address_gets_past_the_second_factor(ed: User) -> None:
    TOTP.activate(ed, generate_totp_secret())
    client = Client()
    log_in(client, "ed")
    for address in ("/admin/", "/admin/login/?next=/admin/", "/accounts/password/change/", "/accounts/mfa/",
                    "/accounts/mfa/recovery-codes/", "/accounts/reauthenticate/", "/accounts/sessions/"):  # fmt: skip
        answer = client.get(address)
        assert any(door in answer.headers["Location"] for door in ("/login/", "/mfa/authenticate/"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert not is_in(client)


def test_a_reset_password_does_not_replace_the_second_factor(ed: User) -> None:
    TOTP.activate(ed, generate_totp_secret())
    Client().post(reverse("account_reset_password"), {"email": ed.email})
    link = next(word for word in OutboxMail.objects.get().body_text.split() if "/reset/key/" in word)
    client, new = Client(), "quite another password"
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": new, "password2": new})
    ed.refresh_from_db()
    assert ed.check_password(new)
    assert not is_in(client)
    assert "/mfa/authenticate/" in log_in(client, "ed", new)
    assert not is_in(client)


def test_no_page_of_the_desk_shows_or_removes_second_factors() -> None:
    root = browser(person("root", is_staff=True, is_superuser=True))
    assert b"authenticator" not in root.get("/admin/all/").content
    for address in ("/admin/mfa/authenticator/", "/admin/account/emailaddress/"):
        assert root.get(address).status_code == 404


# Rights


def post(client: Client, user: User, **changes: Any) -> int:
    data = {
        "username": user.username, "email": user.email, "language": "id", "zone": user.zone, "is_active": "on",
        "groups": list(user.groups.values_list("pk", flat=True)), **changes,
    }  # fmt: skip
    return client.post(reverse("admin:core_user_change", args=[user.pk]), data).status_code


@pytest.mark.parametrize("target", ["root", "other"])
def test_an_administrator_changes_no_superuser_and_no_other_administrator(chief: User, target: str) -> None:
    victim = person(target, is_staff=True, is_superuser=target == "root")
    victim.groups.add(Group.objects.get(name="administrator"))
    client = browser(chief)
    assert post(client, victim, email="mine@example.com") == 403
    for route in ("core_user_link", "core_user_invite", "core_user_revoke", "auth_user_password_change"):
        assert client.post(reverse(f"admin:{route}", args=[victim.pk])).status_code == 403
    victim.refresh_from_db()
    assert victim.email == f"{target}@example.com"


def test_an_administrator_gives_no_role_to_themselves(chief: User) -> None:
    everything = list(Group.objects.values_list("pk", flat=True))
    post(browser(chief), chief, groups=everything, is_superuser="on", user_permissions=[1, 2], sections=[1])
    chief.refresh_from_db()
    assert [group.name for group in chief.groups.all()] == ["administrator"]
    assert not chief.is_superuser
    assert not chief.user_permissions.exists()


def test_an_administrator_makes_no_administrator(chief: User, ada: User) -> None:
    client, administrators = browser(chief), Group.objects.get(name="administrator").pk
    post(client, ada, groups=[administrators])
    given = {"email": "w@example.com", "language": "id", "groups": [administrators], "is_superuser": "on"}
    client.post("/admin/core/user/add/", given)
    assert User.objects.filter(groups=administrators).count() == 1
    assert not User.objects.filter(email="w@example.com").exists()


@pytest.mark.parametrize("username", ["ada", "ed", "mo", "cas"])
def test_nobody_else_gives_roles_at_all(username: str) -> None:
    user = person(username)
    client = browser(user)
    assert post(client, user, groups=list(Group.objects.values_list("pk", flat=True))) == 403
    assert client.get("/admin/core/user/add/").status_code == 403
    assert user.groups.count() == 1


def test_a_closed_account_has_no_session_left_to_use(chief: User, ed: User) -> None:
    client = browser(ed)
    people.close(ed, by=chief, at=timezone.now())
    User.objects.filter(pk=ed.pk).update(is_active=True)
    assert not is_in(client)
    assert not StaffSession.objects.filter(user=ed).exists()
