"""Who may do what: every predicate, every group, stories of their own and of others, in every desk state."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from articles import access, permissions, publishing, workflow
from articles.models import Article, DeskState, SectionEditor
from newsroom.core.models import User
from tests.factories import AT, PEOPLE, make_approved, make_article, make_contributor, make_section, person

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
    "can_decide_reply": "ed cas",
    "can_withdraw": "ed cas",
    "can_kill": "cas",
    "can_request_purge": "cas",
    "can_send_back": "",
}
# Stories on the desk's way, and who may save the working copy of one that Ada began.
STATES = ("draft", "in review", "sent back", "approved", "scheduled", "live", "withdrawn", "killed")
WITH_THE_EDITORS = ("approved", "scheduled", "live", "withdrawn", "killed")
# What an editor may do in reach, and not beyond it.
EDITING = (
    "can_change",
    "can_approve",
    "can_hold",
    "can_embargo",
    "can_publish",
    "can_decide_reply",
    "can_withdraw",
    "can_see_confidential",
)


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


@pytest.fixture(scope="module")
def stories(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Article]]:
    """One story of Ada's in each state, made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {state: in_state(state) for state in STATES}
        transaction.set_rollback(True)


def in_state(state: str) -> Article:
    """Return a story of Ada's that went the desk's way up to `state`."""
    article, ed = make_article(title=state), person("ed")
    if state in ("in review", "sent back"):
        workflow.submit(article, by=person("ada"), at=AT)
    if state == "sent back":
        workflow.send_back(article, by=ed, at=AT, note="Lagi.")
    if state in WITH_THE_EDITORS:
        workflow.approve(article, revision=1, by=ed, at=AT)
    if state == "scheduled":
        publishing.schedule(article, revision=1, visible_from=AT + timedelta(days=1), by=ed, at=AT)
    if state in ("live", "withdrawn", "killed"):
        publishing.publish(article, revision=1, by=ed, at=AT)
    ending = {"withdrawn": publishing.withdraw, "killed": publishing.kill}.get(state)
    if ending:
        ending(article, ground="court", public_reason="Putusan.", by=person("cas"), at=AT + timedelta(hours=1))
    return article


@pytest.mark.parametrize("state", STATES)
def test_a_story_is_its_reporters_until_it_is_approved(stories: dict[str, Article], state: str) -> None:
    article, with_editors = stories[state], state in WITH_THE_EDITORS
    ada, ed = person("ada"), person("ed")
    assert permissions.is_with_editors(article) == with_editors
    for verb in ("can_change", "can_restore"):
        assert may(verb, ada, article) != with_editors
        assert may(verb, ed, article)
    assert permissions.can_see_confidential(ada, article)
    assert permissions.can_send_back(ed, article) == (with_editors or state == "in review")


@pytest.mark.parametrize("state", STATES)
def test_an_editor_bound_to_sections_works_in_them_and_on_own_stories(stories: dict[str, Article], state: str) -> None:
    article = stories[state]
    for username, section, reaches in (("ines", article.section, True), ("oto", make_section("Eropa"), False)):
        editor = person(username, is_staff=True)
        editor.groups.set(person("ed").groups.all())
        SectionEditor.objects.get_or_create(user=editor, section=section)
        assert {may(verb, editor, article) for verb in EDITING} == {reaches}
        assert permissions.can_view(editor, article)
        assert all(may(verb, editor, make_article(by=editor)) for verb in EDITING)


def test_an_editor_bound_to_sections_may_begin_a_story_with_an_embargo() -> None:
    editor = person("ed")
    SectionEditor.objects.create(user=editor, section=make_section("Eropa"))
    assert may("can_embargo", editor, Article())
    assert not may("can_embargo", person("ada"), Article())


def test_a_chief_editor_works_everywhere_whatever_they_are_bound_to(stories: dict[str, Article]) -> None:
    cas = person("cas")
    SectionEditor.objects.create(user=cas, section=make_section("Eropa"))
    assert all(may(verb, cas, stories["live"]) for verb in (*EDITING, "can_kill"))


@pytest.mark.parametrize("username", [*PEOPLE, "root"])
def test_who_left_may_nothing(stories: dict[str, Article], username: str) -> None:
    person("root", is_superuser=True)
    gone = person(username)
    gone.is_active = False
    assert not any(may(verb, gone, article) for verb in EXPECTED for article in stories.values())


def test_sections_are_read_once_however_many_stories(
    stories: dict[str, Article], django_assert_num_queries: Any
) -> None:
    ed = person("ed")
    ed.get_all_permissions()
    with django_assert_num_queries(1):
        assert all(may(verb, ed, article) for verb in EDITING for article in stories.values())


def test_a_sent_back_story_that_readers_saw_can_be_written_again() -> None:
    article = in_state("withdrawn")
    workflow.send_back(article, by=person("ed"), at=AT + timedelta(hours=2), note="Tulis ulang.")
    assert permissions.can_change(person("ada"), article)


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
        held = Permission.objects.filter(group__name=group, content_type__app_label="articles")
        assert granted <= set(held.values_list("codename", flat=True)), group


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
    readable = set(access.readable(user).filter(pk__in=[story.pk for story in stories]))
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


@pytest.mark.parametrize("forged", ["", "x", "1 OR 1=1", "-1", "9" * 40, None, "９９９９９９"])
def test_a_forged_number_is_no_story(forged: Any) -> None:
    with pytest.raises(Http404):
        access.article(person("ed"), forged)
