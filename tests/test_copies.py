"""Copies of stories: the same rows as the services left, and none where something stands already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import override_settings

from articles.models import Article
from tests import copies
from tests.factories import make_live, make_section, person

pytestmark = pytest.mark.django_db

# How often a call is made before it is copied.
TIMES = 2


@pytest.fixture
def calls() -> list[dict[str, Any]]:
    """What the factory was called with, and not copied."""
    return []


@pytest.fixture
def make(calls: list[dict[str, Any]]) -> Callable[..., Article]:
    """A factory that is copied, none of whose calls has been made."""

    @copies.copied
    def make(**fields: Any) -> Article:
        calls.append(fields)
        return make_live.__wrapped__(**fields)  # type: ignore[attr-defined, no-any-return]

    return make


def left_by(make: Callable[..., Article], **fields: Any) -> tuple[copies.Tables, dict[str, Any]]:
    """Return all rows that a call leaves, and what it returned; take it back."""
    with transaction.atomic():
        article = make(**fields)
        found = copies.tables(), {field.name: getattr(article, field.name) for field in Article._meta.concrete_fields}
        transaction.set_rollback(True)
    return found


def test_a_copy_is_what_the_services_left(make: Callable[..., Article], calls: list[dict[str, Any]]) -> None:
    left_by(make, title="Selat")
    by_services = left_by(make, title="Selat")
    copy = left_by(make, title="Selat")
    assert len(calls) == TIMES
    assert copy == by_services


def test_a_copy_can_be_worked_on(make: Callable[..., Article], client: Any) -> None:
    for _ in range(TIMES):
        left_by(make)
    article = make()
    assert client.get(article.publications.get().path).status_code == 200
    assert make(title="Yang kedua").pk > article.pk


def anything_else() -> None:
    make_section("Eropa")


def groups_under_other_numbers() -> None:
    names = list(Group.objects.values_list("name", flat=True))
    Group.objects.all().delete()
    Group.objects.bulk_create(Group(name=name) for name in names)


@pytest.mark.parametrize("before", [anything_else, groups_under_other_numbers, lambda: person("ed").groups.clear()])
def test_another_newsroom_gets_no_copy(
    before: Callable[[], None], make: Callable[..., Article], calls: list[dict[str, Any]]
) -> None:
    for _ in range(TIMES):
        left_by(make)
    before()
    make()
    assert len(calls) == TIMES + 1


def test_other_settings_get_no_copy(make: Callable[..., Article], calls: list[dict[str, Any]]) -> None:
    for _ in range(TIMES + 1):
        with override_settings(SITE_URL="http://elsewhere"):
            left_by(make)
    assert len(calls) == TIMES + 1


def test_what_is_no_plain_value_gets_no_copy(make: Callable[..., Article], calls: list[dict[str, Any]]) -> None:
    ed = person("ed")
    for _ in range(TIMES + 1):
        left_by(make, by=ed)
    assert len(calls) == TIMES + 1
