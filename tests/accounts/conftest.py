"""People at the desk, and their browsers."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from newsroom.core.models import User
from tests.factories import person

PASSWORD = "a long enough password"
LOGIN = "/accounts/login/"


@pytest.fixture
def chief(db: None) -> User:
    """An administrator who is no superuser."""
    user = person("ina", is_staff=True)
    user.groups.add(Group.objects.get(name="administrator"))
    return user


@pytest.fixture
def ada(db: None) -> User:
    """A reporter with a password."""
    user = person("ada")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def ed(db: None) -> User:
    """An editor with a password."""
    user = person("ed")
    user.set_password(PASSWORD)
    user.save()
    return user


def browser(user: User, **extra: str) -> Client:
    """Return a browser in which `user` is logged in."""
    client = Client(**extra)  # type: ignore[arg-type]
    client.force_login(user)
    return client


def log_in(client: Client, login: str, password: str = PASSWORD) -> str:
    """Post the log-in form; return where it leads, "" for nowhere."""
    response = client.post(LOGIN, {"login": login, "password": password})
    return str(response.headers.get("Location", ""))


def is_in(client: Client) -> bool:
    """Say whether somebody is logged in there."""
    return client.get("/admin/language/").status_code == 405
