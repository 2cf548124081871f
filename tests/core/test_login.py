"""Staff log in through allauth; nobody signs up, nobody learns who has an account."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from newsroom.accounts import adapter
from newsroom.core.models import AuditEntry, OutboxMail, RateCount, User

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.sample_urls")]
LOGIN = "/accounts/login/"
PASSWORD = "a long enough password"


@pytest.fixture
def ada() -> User:
    ada = User.objects.create_user("ada", "ada@example.org", PASSWORD, is_staff=True)
    ada.groups.add(Group.objects.get(name="reporter"))
    return ada


def log_in(client: Client, login: str = "ada", password: str = PASSWORD, **headers: str) -> int:
    response = client.post(LOGIN, {"login": login, "password": password}, **headers)  # type: ignore[arg-type]
    return response.status_code


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_desk_sends_strangers_to_the_log_in_and_staff_on_to_where_they_were_going(ada: User) -> None:
    client = Client()
    response = client.get("/admin/core/auditentry/", follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)
    page = response.content.decode()
    assert 'name="next" value="/admin/core/auditentry/"' in page or "next=" in response.redirect_chain[-1][0]
    response = client.post(LOGIN, {"login": "ada", "password": PASSWORD, "next": "/admin/language/"})
    assert response.headers["Location"] == "/admin/language/"
    assert AuditEntry.objects.get().action == "user.log_in"


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_log_in_leads_to_no_other_host(ada: User, target: str) -> None:
    response = Client().post(LOGIN, {"login": "ada", "password": PASSWORD, "next": target})
    assert response.headers["Location"] == reverse("admin:index")


@pytest.mark.parametrize("login", ["ada", "Ada", "ada@example.org", "ADA@example.org"])
def test_name_and_address_both_log_in(ada: User, login: str) -> None:
    client = Client()
    log_in(client, login)
    assert is_in(client)


def test_a_wrong_password_and_a_stranger_read_the_same(ada: User) -> None:
    pages = [
        re.sub(r'value="[^"]*"', "", Client().post(LOGIN, {"login": login, "password": "wrong"}).content.decode())
        for login in ("ada", "tom")
    ]
    assert pages[0] == pages[1]


def test_an_account_that_is_switched_off_stays_out(ada: User) -> None:
    User.objects.update(is_active=False)
    client = Client()
    log_in(client)
    assert not is_in(client)


def test_who_is_no_staff_gets_no_desk() -> None:
    User.objects.create_user("tom", password=PASSWORD)
    client = Client()
    log_in(client, "tom")
    assert client.get("/admin/login/").status_code == 403


def test_guessing_at_one_account_ends_and_locks_out_nobody_else(ada: User) -> None:
    guesser = Client(REMOTE_ADDR="198.51.100.1")
    for _ in range(adapter.PER_ACCOUNT_AND_CLIENT):
        log_in(guesser, password="wrong")
    # Even the right password no longer helps the guesser, whatever it calls itself.
    log_in(guesser, headers={"x-forwarded-for": "203.0.113.1"})
    assert not is_in(guesser)
    owner = Client(REMOTE_ADDR="203.0.113.9")
    log_in(owner)
    assert is_in(owner)
    assert all(re.fullmatch("[0-9a-f]{64}", row.key) for row in RateCount.objects.all())


def test_disguised_names_share_one_limit(ada: User) -> None:
    client = Client(REMOTE_ADDR="198.51.100.1")
    for number in range(adapter.PER_ACCOUNT_AND_CLIENT):
        log_in(client, ("ada", "ADA", "аda", "ａda")[number % 4], "wrong")
    log_in(client)
    assert not is_in(client)


def test_the_session_gets_a_new_key_at_log_in(ada: User) -> None:
    client = Client()
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["newsroom_session"] = before or ""
    log_in(client)
    assert client.session.session_key != before


def test_nobody_signs_up() -> None:
    client = Client()
    client.get("/accounts/signup/")
    client.post("/accounts/signup/", {"username": "tom", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


def test_a_forgotten_password_is_mailed_to_the_stored_address_alone(ada: User) -> None:
    answers = []
    for address in ("ada@example.org", "tom@example.org", "ADA@example.org"):
        response = Client().post(reverse("account_reset_password"), {"email": address})
        answers.append((response.status_code, response.headers.get("Location")))
    assert len(set(answers)) == 1
    mails = list(OutboxMail.objects.all())
    assert {mail.recipient for mail in mails} == {"ada@example.org"}
    assert {mail.kind for mail in mails} == {"receipt"}
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mails[0].body_text)
    assert link
    client = Client()
    page = client.get(link.group(1), follow=True)
    new = "quite another password"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    ada.refresh_from_db()
    assert ada.check_password(new)


def test_a_second_factor_can_be_set_up_and_is_then_asked_for(ada: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    client = Client()
    response = client.post(LOGIN, {"login": "ada", "password": PASSWORD})
    assert response.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_in(client)
    assert PASSWORD not in str(dict(client.session))
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_the_picture_of_the_key_may_be_shown_on_its_page_alone(ada: User) -> None:
    client = Client()
    log_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = client.get(reverse("mfa_activate_totp"))
    assert response.status_code == 200
    assert "img-src 'self' data:" in response.headers["Content-Security-Policy"]
    assert "data:" not in client.get(reverse("mfa_index")).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
)
def test_pages_for_strangers_have_one_heading_and_a_language(name: str) -> None:
    response = Client().get(reverse(name), headers={"accept-language": "en"})
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("<h1>") == 1
    assert '<html lang="en">' in page
    assert "style=" not in page


def test_log_out_asks_first(ada: User) -> None:
    client = Client()
    log_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)
