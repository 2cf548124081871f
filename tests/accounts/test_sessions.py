"""Where one is logged in, and how to end it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.accounts import devices
from newsroom.core import sessions
from newsroom.core.models import StaffSession, User
from tests.accounts.conftest import PASSWORD, browser, is_in, log_in

LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
PAGE, END = "/accounts/sessions/", "/accounts/sessions/end/"


def enter(agent: str, address: str) -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    log_in(client, "ada")
    return client


@pytest.mark.django_db
def test_ones_own_sessions_are_listed_without_the_whole_address_and_ended_singly(ada: User, ed: User) -> None:
    here, phone, other = enter(LINUX, "203.0.113.77"), enter(PHONE, "2001:db8:1:2::7"), browser(ed)
    page = here.get(PAGE)
    rows = page.context["rows"]
    assert [row["row"].device for row in rows] == ["Firefox, Linux", "Chrome, Android"]
    assert [row["row"].network for row in rows] == ["203.0.113.*", "2001:db8:1::*"]
    assert [row["is_here"] for row in rows] == [True, False]
    assert not any(key in page.content.decode() for key in StaffSession.objects.values_list("session_key", flat=True))
    here.post(END, {"session": rows[1]["handle"]})
    assert [is_in(client) for client in (here, phone, other)] == [True, False, True]


@pytest.mark.django_db
def test_all_others_end_and_nobody_elses(ada: User, ed: User) -> None:
    here, phone, laptop, other = browser(ada), browser(ada), browser(ada), browser(ed)
    here.post(END, {"session": "others"})
    assert [is_in(client) for client in (here, phone, laptop, other)] == [True, False, False, True]
    assert StaffSession.objects.filter(user=ada).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["", "x", "0" * 64, "OTHERS"])
def test_a_forged_session_ends_nothing(ada: User, forged: str) -> None:
    here, phone = browser(ada), browser(ada)
    here.post(END, {"session": forged})
    assert is_in(phone)


@pytest.mark.django_db
def test_nobody_ends_the_session_of_another(ada: User, ed: User) -> None:
    theirs = browser(ed)
    handle = theirs.get(PAGE).context["rows"][0]["handle"]
    browser(ada).post(END, {"session": handle})
    assert is_in(theirs)


@pytest.mark.django_db
def test_a_new_password_ends_what_is_open_elsewhere(ada: User) -> None:
    here, phone = Client(), browser(ada)
    log_in(here, "ada")
    new = "quite another password"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(phone)) == (True, False)
    assert StaffSession.objects.filter(user=ada).count() == 1


@pytest.mark.django_db
def test_last_seen_moves_in_steps_and_old_rows_go(ada: User) -> None:
    client = browser(ada)
    row = StaffSession.objects.get()
    long_ago = timezone.now() - timedelta(hours=2)
    StaffSession.objects.update(seen_at=long_ago)
    client.get(PAGE)
    seen = StaffSession.objects.get().seen_at
    assert seen > long_ago
    client.get(PAGE)
    assert StaffSession.objects.get().seen_at == seen
    assert sessions.prune(at=row.expire_date + timedelta(seconds=1)) == 1


@pytest.mark.django_db
def test_an_ended_session_does_not_come_back_by_being_saved(ada: User) -> None:
    client = browser(ada)
    session = client.session
    session["x"] = 1
    sessions.end(ada)
    with pytest.raises(UpdateError):
        session.save()
    assert not is_in(client)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (LINUX, "Firefox, Linux"),
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit Chrome/140 Safari/537 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", ""),
        ("x" * 10_000, ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent: str, words: str) -> None:
    assert devices.words(agent) == words
