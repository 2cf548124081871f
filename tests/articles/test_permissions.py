"""Who may do what: every predicate, every group, stories of their own and of others, in every desk state."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404

from articles import access, permissions
from articles.models import Article, DeskState
from newsroom.core.models import User
from tests.factories import PEOPLE, make_approved, make_article, make_contributor, person

pytestmark = pytest.mark.django_db

# Verb -> who may, on a draft: "own" after a name stands for their own stories only.
EXPECTED = {
    "can_view": "ada ed cas",
    "can_change": "ada:own ed cas",
    "can_see_confidential": "ada:own ed cas",
    "can_restore": "ada:own ed cas",
    "can_submit": "ada:own ed cas",
    "can_approve": "ed cas",
    "can_hold": "ed cas",
    "can_embargo": "ed cas",
    "can_publish": "ed cas",
    "can_withdraw": "ed cas",
    "can_kill": "cas",
    "can_request_purge": "cas",
    "can_send_back": "",
}


def may(verb: str, user: Any, article: Article) -> bool:
    return getattr(permissions, verb)(user, article)


def test_every_predicate_over_a_story_is_in_the_table() -> None:
    predicates = {name: value for name, value in vars(permissions).items() if name.startswith("can_")}
    verbs = {name for name, predicate in predicates.items() if "article" in inspect.signature(predicate).parameters}
    assert verbs == set(EXPECTED)


@pytest.mark.parametrize("verb", sorted(EXPECTED))
def test_who_may_on_a_draft(verb: str) -> None:
    own_only = {name.split(":")[0] for name in EXPECTED[verb].split() if name.endswith(":own")}
    allowed = {name.split(":")[0] for name in EXPECTED[verb].split()}
    others = make_article(by=person("tom"))
    for name in PEOPLE:
        user = person(name)
        assert may(verb, user, others) == (name in allowed - own_only), name
        if name in own_only:
            assert may(verb, user, make_article(by=user)), name
    assert not may(verb, AnonymousUser(), others)
    assert may(verb, User(username="root", is_superuser=True, is_active=True), others) or verb == "can_send_back"


def test_a_name_in_the_byline_makes_a_story_ones_own() -> None:
    ada = person("ada")
    article = make_article(by=person("tom"), bylines=[make_contributor("Ada", user=ada)])
    assert permissions.can_change(ada, article)
    assert not permissions.can_change(person("tom"), article)


@pytest.mark.parametrize("state", DeskState.values)
def test_submitting_and_sending_back_depend_on_the_desk_state(state: str) -> None:
    article = make_article()
    article.desk_state = state
    assert permissions.can_submit(person("ada"), article) == (state in ("draft", "changes_requested"))
    assert permissions.can_send_back(person("ed"), article) == (state in ("in_review", "approved"))


def test_moderators_read_what_was_approved_and_never_change_anything() -> None:
    mo = person("mo")
    draft, approved = make_article(), make_approved()
    assert not permissions.can_view(mo, draft)
    assert permissions.can_view(mo, approved)
    changing = [verb for verb in EXPECTED if verb != "can_view" and may(verb, mo, approved)]
    assert changing == []
    assert not permissions.can_add(mo)


def test_moderators_hold_no_right_to_write_anything_of_this_app() -> None:
    rights = {right for right in person("mo").get_all_permissions() if right.startswith("articles.")}
    assert rights == {"articles.view_article"}


def test_everything_the_groups_are_granted_exists() -> None:
    known = set(Permission.objects.filter(content_type__app_label="articles").values_list("codename", flat=True))
    for group, granted in permissions.GROUP_PERMISSIONS.items():
        assert granted <= known, group
        assert {f"articles.{name}" for name in granted} <= person(
            next(name for name, of in PEOPLE.items() if of == group)
        ).get_all_permissions()


def test_a_purge_is_confirmed_by_another_person_with_the_right() -> None:
    article = make_article()
    cas = person("cas")
    other = person("cas2", is_staff=True)
    other.groups.set(cas.groups.all())
    revision = article.revisions.get()
    assert not permissions.can_purge(other, revision)
    revision.purge_requested_by = cas
    assert permissions.can_purge(other, revision)
    assert not permissions.can_purge(cas, revision)
    assert not permissions.can_purge(person("ed"), revision)


# Fetching


@pytest.mark.parametrize("name", [*PEOPLE, None])
def test_readable_and_can_view_say_the_same(name: str | None) -> None:
    user = person(name) if name else AnonymousUser()
    stories = [make_article(), make_approved(), make_article(by=person("tom"))]
    readable = set(access.readable(user))
    assert readable == {story for story in stories if permissions.can_view(user, story)}


def test_what_may_not_be_seen_does_not_exist_and_what_may_not_be_done_is_refused() -> None:
    article = make_article(by=person("tom"))
    assert access.article(person("ed"), article.pk, permissions.can_publish) == article
    assert access.article(person("ada"), str(article.pk)) == article
    with pytest.raises(PermissionDenied):
        access.article(person("ada"), article.pk, permissions.can_publish)
    with pytest.raises(Http404):
        access.article(person("mo"), article.pk)
    with pytest.raises(Http404):
        access.article(AnonymousUser(), article.pk)


@pytest.mark.parametrize("forged", ["", "x", "1 OR 1=1", "-1", "9" * 40, None, "１"])
def test_a_forged_number_is_no_story(forged: Any) -> None:
    with pytest.raises(Http404):
        access.article(person("ed"), forged)
