"""What each publishing service does and says; how they combine stands in test_pairs and test_sequences."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles import publishing, refusals, workflow
from articles.models import FAR_FUTURE, DeskState, Publication
from articles.states import PublicState, public_state
from newsroom.core.models import AuditEntry
from tests.articles.acts import BURIAL, HOUR, make_revised
from tests.factories import AT, live_publication, make_approved, make_live, person, save_article

pytestmark = pytest.mark.django_db

INSTANT = timedelta(microseconds=1)


def publish(article, number, at=AT, by="ed", **facts):
    return publishing.publish(article, revision=number, by=person(by), at=at, **facts)


def schedule(article, number, start, at=AT, **facts):
    return publishing.schedule(article, revision=number, visible_from=AT + start, by=person("ed"), at=at, **facts)


# Who and what


def test_publish_shows_the_named_revision_and_not_the_working_copy() -> None:
    article = make_approved()
    save_article(article, title="Belum dibaca siapa pun")
    publish(article, 1)
    live = live_publication(article, AT)
    assert live is not None
    assert live.title == "Selat Hormuz dibuka lagi"


def test_publishing_an_unapproved_revision_takes_the_editors_right() -> None:
    article = make_approved()
    save_article(article, title="Lain")
    with pytest.raises(refusals.NotApproved):
        publish(article, 2, by="ada")
    with pytest.raises(refusals.NotApproved):
        publishing.publish(article, revision=2, by=None, at=AT)
    publish(article, 2, by="ed")


def test_the_machine_may_publish_what_is_approved() -> None:
    article = make_approved()
    publishing.publish(article, revision=1, by=None, at=AT)
    assert public_state(article, AT) == PublicState.LIVE


@pytest.mark.parametrize("missing", [{"title": " "}, {"standfirst": ""}, {"body": "<p></p>"}, {"bylines": []}])
def test_publish_and_schedule_enforce_the_checklist(missing) -> None:
    article = make_approved(**missing)
    with pytest.raises(refusals.ChecklistFailed) as refused:
        publish(article, 1)
    assert refused.value.facts["items"]
    with pytest.raises(refusals.ChecklistFailed):
        schedule(article, 1, HOUR)
    assert not Publication.objects.exists()


def test_the_checklist_looks_at_the_revision_and_not_at_the_working_copy() -> None:
    article = make_approved()
    save_article(article, standfirst="")
    publish(article, 1)


def test_publish_refuses_a_revision_that_is_not_there_or_shown_already() -> None:
    article = make_live()
    with pytest.raises(refusals.NoSuchRevision):
        publish(article, 7)
    with pytest.raises(refusals.AlreadyPublic):
        publish(article, 1, at=AT + HOUR)


def test_every_refusal_names_a_remedy_in_both_languages() -> None:
    facts = {
        "number": 1,
        "newest": 2,
        "until": "12 August",
        "missing": "Title.",
        "state": "Draft",
        "source": 7,
        "taken": 8,
    }
    kinds = refusals.Refusal.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
    for language in ("en", "id"):
        with translation.override(language):
            for kind in kinds:
                assert kind.remedy
                assert "%(" not in str(kind(**facts))


# Moments


def test_publish_at_the_very_moment_of_the_last_comes_after_it() -> None:
    article = make_revised(3)
    rows = [publish(article, number).publication for number in (1, 2, 3)]
    assert [row.visible_from for row in rows] == [AT, AT + INSTANT, AT + 2 * INSTANT]


def test_a_clock_that_is_behind_cannot_put_an_act_before_the_last() -> None:
    article = make_revised(2)
    publish(article, 1, at=AT + HOUR)
    row = publish(article, 2, at=AT).publication
    assert row.visible_from == AT + HOUR + INSTANT


def test_a_story_may_be_given_a_past() -> None:
    article = make_revised(2, at=AT - timedelta(days=30))
    publish(article, 1, at=AT - timedelta(days=30))
    publish(article, 2, at=AT - timedelta(days=20), change_note="Angka baru")
    live = live_publication(article, AT)
    assert live is not None
    assert live.first_published_at == AT - timedelta(days=30)
    assert live.substantive_at == AT - timedelta(days=20)
    assert live_publication(article, AT - timedelta(days=25)).revision.number == 1


@pytest.mark.parametrize("start", [timedelta(0), -HOUR])
def test_schedule_refuses_a_moment_that_passed(start) -> None:
    with pytest.raises(refusals.MomentPassed):
        schedule(make_approved(), 1, start)


def test_schedule_refuses_an_end_before_the_beginning() -> None:
    with pytest.raises(refusals.EndsBeforeItBegins):
        schedule(make_approved(), 1, 2 * HOUR, visible_until=AT + HOUR)


def test_expire_refuses_an_end_before_the_planned_beginning() -> None:
    article = make_approved()
    schedule(article, 1, 2 * HOUR)
    with pytest.raises(refusals.EndsBeforeItBegins):
        publishing.expire(article, visible_until=AT + HOUR, by=person("ed"), at=AT)


# Times readers are told


def test_a_correction_without_a_note_moves_no_time_readers_see() -> None:
    article = make_revised(2)
    publish(article, 1)
    row = publish(article, 2, at=AT + HOUR).publication
    assert (row.first_published_at, row.substantive_at, row.change_note) == (AT, None, "")


def test_a_change_note_makes_an_update_and_stays_until_the_next_one() -> None:
    article = make_revised(4)
    publish(article, 1, change_note="Tidak untuk yang pertama")
    assert live_publication(article, AT).change_note == ""
    publish(article, 2, at=AT + HOUR, change_note="Jumlah korban dikoreksi")
    row = publish(article, 3, at=AT + 2 * HOUR).publication
    assert (row.substantive_at, row.change_note) == (AT + HOUR, "")
    row = schedule(article, 4, 4 * HOUR, at=AT + 3 * HOUR, change_note="Tanggapan kementerian").publication
    assert (row.first_published_at, row.substantive_at) == (AT, AT + 4 * HOUR)


# Plans


def test_publish_now_keeps_a_pending_update_and_says_so() -> None:
    article = make_revised(3)
    publish(article, 1)
    pending = schedule(article, 2, 3 * HOUR).publication
    outcome = publish(article, 3, at=AT + HOUR)
    assert (outcome.kept, outcome.voided) == (pending, ())
    pending.refresh_from_db()
    assert pending.voided_at is None
    assert live_publication(article, AT + 2 * HOUR).revision.number == 3
    assert live_publication(article, AT + 3 * HOUR).revision.number == 2


def test_a_pending_first_publication_becomes_an_update_when_another_revision_goes_out_before() -> None:
    article = make_revised(2)
    planned = schedule(article, 1, 3 * HOUR).publication
    kept = publish(article, 2, at=AT + HOUR).kept
    assert kept is not None
    assert kept != planned
    assert (kept.first_published_at, kept.takes_over, kept.revision) == (AT + HOUR, True, planned.revision)
    planned.refresh_from_db()
    assert planned.void_cause == Publication.VoidCause.REPLANNED
    publishing.cancel(article, by=person("ed"), at=AT + 2 * HOUR)
    assert live_publication(article, AT + 4 * HOUR).revision.number == 2


def test_publishing_what_is_scheduled_brings_it_forward_with_its_end() -> None:
    article = make_approved()
    planned = schedule(article, 1, 3 * HOUR, visible_until=AT + 6 * HOUR).publication
    outcome = publish(article, 1, at=AT + HOUR)
    assert (outcome.kept, outcome.voided) == (None, (planned,))
    assert outcome.publication.visible_until == AT + 6 * HOUR


def test_schedule_replaces_the_plan_there_was() -> None:
    article = make_revised(3)
    publish(article, 1)
    first = schedule(article, 2, 2 * HOUR).publication
    outcome = schedule(article, 3, 4 * HOUR)
    assert outcome.voided == (first,)
    assert live_publication(article, AT + 3 * HOUR).revision.number == 1
    assert live_publication(article, AT + 4 * HOUR).revision.number == 3


def test_an_update_lasts_as_long_as_what_it_takes_over_from() -> None:
    article = make_revised(2)
    publish(article, 1)
    publishing.expire(article, visible_until=AT + 5 * HOUR, by=person("ed"), at=AT)
    assert schedule(article, 2, 2 * HOUR).publication.visible_until == AT + 5 * HOUR


def test_cancelling_a_return_after_the_end_does_not_move_the_end() -> None:
    article = make_revised(2)
    publish(article, 1)
    publishing.expire(article, visible_until=AT + 2 * HOUR, by=person("ed"), at=AT)
    schedule(article, 2, 2 * HOUR)
    publishing.cancel(article, by=person("ed"), at=AT + HOUR)
    assert live_publication(article, AT + 3 * HOUR) is None


def test_an_end_can_be_moved_and_taken_back() -> None:
    article = make_live()
    for end in (4 * HOUR, 2 * HOUR, 6 * HOUR):
        outcome = publishing.expire(article, visible_until=AT + end, by=person("ed"), at=AT + HOUR)
        assert outcome.publication.visible_until == AT + end
    publishing.cancel_expiry(article, by=person("ed"), at=AT + HOUR)
    assert live_publication(article, AT + 9 * HOUR).visible_until == FAR_FUTURE
    with pytest.raises(refusals.NothingPlanned):
        publishing.cancel_expiry(article, by=person("ed"), at=AT + HOUR)


# Taking back


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"ground": "", "public_reason": "Keliru."}, refusals.GroundMissing),
        ({"ground": "mood", "public_reason": "Keliru."}, refusals.GroundMissing),
        ({"ground": "error", "public_reason": " "}, refusals.ReasonMissing),
    ],
)
def test_withdraw_and_kill_ask_for_ground_and_reason(facts, refusal) -> None:
    article = make_live()
    for service in (publishing.withdraw, publishing.kill):
        with pytest.raises(refusal):
            service(article, by=person("ed"), at=AT + HOUR, **facts)


def test_a_tombstone_has_ground_and_reason_and_nothing_of_the_story() -> None:
    article = make_live(language="en")
    row = publishing.withdraw(article, by=person("ed"), at=AT + HOUR, **BURIAL).publication
    row.refresh_from_db()
    assert (row.kind, row.ground, row.public_reason) == ("tombstone", "error", "Angka utamanya keliru.")
    assert (row.title, row.standfirst, row.body_html, row.path, row.section_name) == ("", "", "", "", "")
    assert (row.topics, row.bylines, row.sources, row.key_points, row.milestones) == ([], [], [], [], [])
    assert (row.revision, row.section, row.language) == (None, None, "en")
    assert not row.topic_rows.exists()


def test_withdraw_takes_the_approval_and_leaves_the_history() -> None:
    article = make_live()
    publishing.withdraw(article, by=person("ed"), at=AT + HOUR, **BURIAL)
    article.refresh_from_db()
    assert (article.desk_state, article.approved_revision) == (DeskState.DRAFT, None)
    assert live_publication(article, AT) is not None
    assert live_publication(article, AT + HOUR) is None


def test_kill_suppresses_every_row_there_ever_was() -> None:
    article = make_revised(3)
    publish(article, 1)
    publish(article, 2, at=AT + HOUR)
    schedule(article, 3, 4 * HOUR, at=AT + HOUR)
    outcome = publishing.kill(article, by=person("cas"), at=AT + 2 * HOUR, **BURIAL)
    assert len(outcome.voided) == 1
    assert not Publication.objects.filter(article=article, suppressed_at__isnull=True).exists()
    assert live_publication(article, AT) is None
    assert public_state(article, AT) == PublicState.WITHDRAWN
    assert not article.publications.filter(topic_rows__isnull=False).exists()
    assert not article.publications.filter(byline_rows__isnull=False).exists()


def test_a_killed_story_cannot_come_back_even_if_nobody_ever_saw_it() -> None:
    article = make_approved()
    publishing.kill(article, by=person("cas"), at=AT, **BURIAL)
    assert public_state(article, AT + HOUR) == PublicState.WITHDRAWN
    workflow.approve(article, revision=1, by=person("ed"), at=AT)
    for attempt in (lambda: publish(article, 1, at=AT + HOUR), lambda: schedule(article, 1, 2 * HOUR)):
        with pytest.raises(refusals.Killed):
            attempt()


def test_a_withdrawn_story_can_be_killed_and_its_notice_says_why_it_was_killed() -> None:
    article = make_live()
    publishing.withdraw(article, by=person("ed"), at=AT + HOUR, **BURIAL)
    publishing.kill(article, ground="child", public_reason="Anak.", by=person("cas"), at=AT + 2 * HOUR)
    current = Publication.objects.at(AT + 3 * HOUR).get(article=article)
    assert (current.ground, bool(current.suppressed_at)) == ("child", True)


# Traces


def test_every_act_leaves_an_audit_entry_without_words() -> None:
    article = make_revised(2)
    publish(article, 1)
    schedule(article, 2, 2 * HOUR, change_note="Rahasia dapur")
    publishing.cancel(article, by=person("ed"), at=AT)
    publishing.withdraw(article, by=person("ed"), at=AT + HOUR, **BURIAL)
    entries = AuditEntry.objects.about(article).order_by("pk")
    assert [entry.action for entry in entries][-4:] == [
        "article.publish",
        "article.schedule",
        "article.cancel",
        "article.withdraw",
    ]
    assert "Rahasia" not in str([entry.data for entry in entries])
    assert all(entry.by for entry in entries)


def test_a_refused_act_leaves_nothing() -> None:
    article = make_revised(2)
    publish(article, 1)
    pending = schedule(article, 2, 2 * HOUR).publication
    count = AuditEntry.objects.count()
    with pytest.raises(refusals.AlreadyPublic):
        schedule(article, 1, 3 * HOUR)
    pending.refresh_from_db()
    assert pending.voided_at is None
    assert AuditEntry.objects.count() == count


def test_publish_costs_the_same_whatever_the_history() -> None:
    article = make_revised(2)
    publish(article, 1)
    costs = set()
    for hour in range(1, 12):
        number = 1 + hour % 2
        with CaptureQueriesContext(connection) as queries:
            publish(article, number, at=AT + hour * HOUR)
        costs.add((number, len(queries)))
    # One for each revision: that the editor may publish what is not approved is looked up.
    assert len(costs) == 2
