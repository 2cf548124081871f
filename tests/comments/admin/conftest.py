"""A moderator at the queue, and one person of every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from articles.models import Article
from newsroom.core.models import User
from tests.comments.factories import AT, live_article
from tests.factories import person

ROLES = ("ada", "ed", "mo", "cas", "root", "tom", "rea", "")


def account(name: str) -> User | None:
    """Return the named person; "root" is a superuser, "" nobody."""
    if not name:
        return None
    if name == "root":
        return person("root", is_staff=True, is_superuser=True)
    return person(name)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Three days after the comments that tests make without saying when."""
    with time_machine.travel(AT + timedelta(days=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
def story(db: None) -> Article:
    """A story that has been live for long."""
    return live_article(at=AT - timedelta(days=9))


@pytest.fixture
def enter(db: None) -> Callable[[str], Client]:
    """Return `enter(name)`: a client logged in as that person, speaking English."""

    def enter(name: str) -> Client:
        client = Client()
        if user := account(name):
            User.objects.filter(pk=user.pk).update(language="en")
            client.force_login(User.objects.get(pk=user.pk))
        return client

    return enter


@pytest.fixture
def mo(enter: Callable[[str], Client]) -> Client:
    """Mo, a moderator, logged in."""
    return enter("mo")
