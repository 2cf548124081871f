"""Who may see and do what, and how it is refused."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from articles.models import Article
from comments import access, permissions
from comments.models import Decision
from comments.moderation import words
from comments.permissions import GROUP_PERMISSIONS
from newsroom.core import groups
from newsroom.core.models import User
from tests.comments.factories import AT, make_comment, moderator
from tests.factories import person

MAY = {
    "can_see_queue": {"ed", "mo", "cas"},
    "can_moderate": {"mo", "cas"},
    "can_see_decisions": {"mo", "cas"},
    "can_keep_thread": {"ed", "mo", "cas"},
    "can_see_words": {"mo", "cas"},
    "can_keep_words": {"mo", "cas"},
    "can_keep_rules": {"mo", "cas"},
}


@pytest.fixture
def people(db: None) -> dict[str, User]:
    groups.grant()
    return {name: person(name) for name in ("ada", "ed", "mo", "cas", "rea", "tom")}


def test_every_predicate_has_its_row():
    predicates = {name for name in vars(permissions) if name.startswith("can_")}
    assert predicates == set(MAY)


@pytest.mark.parametrize("predicate", list(MAY))
def test_predicate(people: dict[str, User], predicate: str):
    may = getattr(permissions, predicate)
    assert {name for name, user in people.items() if may(user)} == MAY[predicate]
    assert not may(AnonymousUser())


def test_declared_permissions_exist(people: dict[str, User]):
    for group, declared in GROUP_PERMISSIONS.items():
        name = {"reporter": "ada", "editor": "ed", "moderator": "mo", "chief_editor": "cas"}[group]
        assert {f"comments.{codename}" for codename in declared} <= people[name].get_all_permissions()


def test_who_left_may_nothing(people: dict[str, User]):
    people["mo"].is_active = False
    assert not permissions.can_moderate(people["mo"])


def test_access_gives_hides_and_refuses(people: dict[str, User], article: Article):
    comment = make_comment(article)
    decision = Decision.objects.get(comment=comment)
    word = words.add("kuda", action="hold", by=moderator(), at=AT)
    assert access.comment(people["mo"], comment.pk, permissions.can_moderate) == comment
    assert access.decision(people["mo"], str(decision.pk)) == decision
    assert access.watched_word(people["mo"], word.pk) == word
    with pytest.raises(PermissionDenied):
        access.comment(people["ed"], comment.pk, permissions.can_moderate)
    for nobody in (people["ada"], people["rea"], AnonymousUser()):
        with pytest.raises(Http404):
            access.comment(nobody, comment.pk)
        with pytest.raises(Http404):
            access.decision(nobody, decision.pk)
        with pytest.raises(Http404):
            access.watched_word(nobody, word.pk)


@pytest.mark.parametrize("forged", ["x", "", None, 0, -1, 10**40, "10 OR 1=1", "\x00"])
def test_forged_ids_do_not_exist(people: dict[str, User], forged: object):
    with pytest.raises(Http404):
        access.comment(people["mo"], forged)
