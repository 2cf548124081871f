"""The desk's way with a story."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import embargo, publishing, refusals, workflow
from articles.models import Article, DeskState, Publication
from articles.states import PublicState, public_state
from newsroom.core.models import AuditEntry
from tests.articles.acts import HOUR
from tests.factories import AT, live_publication, make_approved, make_article, make_live, newest, person, save_article

pytestmark = pytest.mark.django_db

VoidCause = Publication.VoidCause


def plan(article: Article, *, start: timedelta = 2 * HOUR) -> Publication:
    """Schedule the newest revision."""
    outcome = publishing.schedule(
        article, revision=newest(article), visible_from=AT + start, by=person("ed"), at=AT + HOUR / 2
    )
    return outcome.publication


def actions(article: Article) -> list[str]:
    return list(AuditEntry.objects.about(article).order_by("pk").values_list("action", flat=True))


# Saving


def test_claim_version_lets_one_of_two_savers_in() -> None:
    article = make_article()
    assert workflow.claim_version(article.pk, 1)
    assert not workflow.claim_version(article.pk, 1)
    assert workflow.claim_version(article.pk, 2)
    assert not workflow.claim_version(article.pk + 1, 1)


def test_a_reporters_save_returns_an_approved_story_to_draft_and_leaves_the_approval_with_what_was_read() -> None:
    article = make_approved()
    row = plan(article)
    save_article(article, title="Lain", by=person("ada"), at=AT + HOUR)
    article.refresh_from_db()
    assert (article.desk_state, article.approved_revision.number) == (DeskState.DRAFT, 1)
    row.refresh_from_db()
    assert row.voided_at is None


def test_an_editors_save_of_an_approved_story_approves_what_was_saved() -> None:
    article = make_approved()
    number = save_article(article, title="Lain", by=person("ed"), at=AT + HOUR)
    article.refresh_from_db()
    assert (article.desk_state, article.approved_revision.number) == (DeskState.APPROVED, number)


def test_an_editors_save_of_a_draft_approves_nothing() -> None:
    article = make_article()
    save_article(article, title="Lain", by=person("ed"))
    article.refresh_from_db()
    assert (article.desk_state, article.approved_revision) == (DeskState.DRAFT, None)


def test_a_save_that_moved_the_embargo_voids_what_is_planned_before_it() -> None:
    article = make_approved()
    row = plan(article)
    Article.objects.filter(pk=article.pk).update(embargo_until=AT + 3 * HOUR)
    workflow.working_copy_saved(article, by=person("ed"), at=AT + HOUR)
    row.refresh_from_db()
    assert row.void_cause == VoidCause.EMBARGOED


# Review


def test_submit_approve_and_send_back_move_the_story_and_leave_a_trace() -> None:
    article = make_article()
    workflow.submit(article, by=person("ada"), at=AT, note="Mohon dibaca sebelum pukul lima")
    assert (article.desk_state, article.desk_note) == (DeskState.IN_REVIEW, "Mohon dibaca sebelum pukul lima")
    workflow.send_back(article, by=person("ed"), at=AT, note="Siapa sumbernya?")
    assert (article.desk_state, article.desk_note) == (DeskState.CHANGES_REQUESTED, "Siapa sumbernya?")
    workflow.submit(article, by=person("ada"), at=AT)
    workflow.approve(article, revision=1, by=person("ed"), at=AT)
    article.refresh_from_db()
    assert (article.desk_state, article.desk_note) == (DeskState.APPROVED, "")
    assert actions(article)[1:] == ["article.submit", "article.send_back", "article.submit", "article.approve"]


@pytest.mark.parametrize("state", [DeskState.IN_REVIEW, DeskState.APPROVED])
def test_submit_refuses_what_is_with_the_editor_already(state: str) -> None:
    article = make_article()
    Article.objects.update(desk_state=state)
    with pytest.raises(refusals.WrongDeskState):
        workflow.submit(article, by=person("ada"), at=AT)


def test_approve_refuses_a_revision_that_is_not_the_newest() -> None:
    article = make_article()
    save_article(article, title="Lain")
    with pytest.raises(refusals.StaleRevision) as refused:
        workflow.approve(article, revision=1, by=person("ed"), at=AT)
    assert refused.value.facts == {"number": 1, "newest": 2}
    article.refresh_from_db()
    assert article.desk_state == DeskState.DRAFT


@pytest.mark.parametrize("state", [DeskState.DRAFT, DeskState.CHANGES_REQUESTED])
def test_send_back_refuses_what_was_not_submitted(state: str) -> None:
    with pytest.raises(refusals.WrongDeskState):
        workflow.send_back(make_article(desk_state=state), by=person("ed"), at=AT, note="Kurang")


def test_send_back_asks_for_a_word() -> None:
    with pytest.raises(refusals.ReasonMissing):
        workflow.send_back(make_approved(), by=person("ed"), at=AT, note="  ")


def test_send_back_of_an_approved_story_withdraws_the_approval_and_voids_the_plan() -> None:
    article = make_approved()
    row = plan(article)
    voided = workflow.send_back(article, by=person("ed"), at=AT + HOUR, note="Angkanya?")
    row.refresh_from_db()
    assert (voided, row.void_cause) == ([row], VoidCause.UNAPPROVED)
    assert article.approved_revision is None
    assert public_state(article, AT + 3 * HOUR) == PublicState.NEVER


def test_send_back_of_a_newer_version_leaves_what_was_approved_and_planned() -> None:
    article = make_approved()
    row = plan(article)
    save_article(article, title="Lain", by=person("ada"), at=AT + HOUR)
    workflow.submit(article, by=person("ada"), at=AT + HOUR)
    assert workflow.send_back(article, by=person("ed"), at=AT + HOUR, note="Tidak") == []
    row.refresh_from_db()
    assert row.voided_at is None


# Holding


def test_hold_voids_what_is_planned_and_gives_the_live_story_its_end_back() -> None:
    article = make_live()
    publishing.expire(article, visible_until=AT + 5 * HOUR, by=person("ed"), at=AT)
    save_article(article, title="Lain", by=person("ed"))
    row = plan(article)
    voided = workflow.hold(article, reason="Menunggu bagian hukum", by=person("ed"), at=AT + HOUR)
    assert voided == [row]
    assert (article.held_at, article.hold_reason) == (AT + HOUR, "Menunggu bagian hukum")
    live = live_publication(article, AT + 3 * HOUR)
    assert live is not None
    assert (live.revision.number, live.visible_until) == (1, AT + 5 * HOUR)


def test_lifting_a_hold_restores_nothing() -> None:
    article = make_approved()
    plan(article)
    workflow.hold(article, reason="Menunggu", by=person("ed"), at=AT + HOUR)
    workflow.lift_hold(article, by=person("ed"), at=AT + HOUR)
    assert (article.held_at, article.hold_reason) == (None, "")
    assert public_state(article, AT + HOUR) == PublicState.NEVER
    plan(article)


def test_hold_and_lift_refuse_what_stands_so_already() -> None:
    article = make_article()
    with pytest.raises(refusals.NotHeld):
        workflow.lift_hold(article, by=person("ed"), at=AT)
    with pytest.raises(refusals.ReasonMissing):
        workflow.hold(article, reason="", by=person("ed"), at=AT)
    workflow.hold(article, reason="Menunggu", by=person("ed"), at=AT)
    with pytest.raises(refusals.AlreadyHeld):
        workflow.hold(article, reason="Lagi", by=person("ed"), at=AT)


# Embargo


def test_an_embargo_refuses_what_comes_before_and_lets_through_what_comes_at_its_end() -> None:
    article = make_approved()
    embargo.set_embargo(article, until=AT + 2 * HOUR, by=person("ed"), at=AT)
    with pytest.raises(refusals.Embargoed):
        publishing.publish(article, revision=1, by=person("ed"), at=AT + HOUR)
    with pytest.raises(refusals.Embargoed):
        plan(article, start=2 * HOUR - timedelta(microseconds=1))
    plan(article, start=2 * HOUR)
    assert public_state(article, AT + 2 * HOUR) == PublicState.LIVE


def test_moving_an_embargo_later_voids_the_plan_and_moving_it_earlier_does_not() -> None:
    article = make_approved()
    row = plan(article)
    assert embargo.set_embargo(article, until=AT + 2 * HOUR, by=person("ed"), at=AT + HOUR) == []
    assert embargo.set_embargo(article, until=AT + 3 * HOUR, by=person("ed"), at=AT + HOUR) == [row]
    assert embargo.set_embargo(article, until=None, by=person("ed"), at=AT + HOUR) == []
    assert public_state(article, AT + HOUR) == PublicState.NEVER
    assert actions(article).count("article.embargo_voids") == 1


def test_an_embargo_leaves_what_readers_see() -> None:
    article = make_live()
    embargo.set_embargo(article, until=AT + 2 * HOUR, by=person("ed"), at=AT + HOUR)
    assert public_state(article, AT + HOUR) == PublicState.LIVE
