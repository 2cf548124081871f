"""Corrections: public exactly while a live publication of their story carries them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from articles import companions, notices, publishing, refusals
from articles.models import Article, Notice, Publication
from articles.notices import Draft
from newsroom.core.models import SurfaceLog
from tests.articles.acts import BURIAL, HOUR
from tests.factories import AT, live_publication, make_approved, make_live, person, save_article

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
KORAN = Draft(kind=Notice.Kind.CORRECTION, text="Angkanya 91, bukan 19.")


def ed(at: datetime) -> dict[str, object]:
    return {"by": person("ed"), "at": at}


def texts(article: Article, at: datetime) -> list[str]:
    """Return what readers of the story are told at `at`."""
    live = live_publication(article, at)
    return [row["text"] for row in live.notices] if live else []


def public(article: Article, at: datetime) -> list[str]:
    """Return what the log tells of the story at `at`, oldest first."""
    return [notice.text for notice in Notice.objects.public(at).filter(article=article).order_by("pk")]


def bumped() -> set[str]:
    """Return the surfaces that were bumped since the log was emptied."""
    return {key for row in SurfaceLog.objects.all() for key in row.keys}


def test_correction_comes_with_the_publication_and_moves_the_time() -> None:
    article = make_live()

    outcome = publishing.publish(article, revision=1, notice=KORAN, **ed(AT + HOUR))

    row = outcome.publication
    notice = Notice.objects.get()
    assert (notice.carrier, notice.corrected.visible_from) == (row, AT)
    assert row.substantive_at == row.visible_from
    assert texts(article, AT + 2 * HOUR) == public(article, AT + 2 * HOUR) == [KORAN.text]
    assert texts(article, AT + MINUTE) == public(article, AT + MINUTE) == []


@pytest.mark.parametrize(("says_so", "moves"), [(False, False), (True, True)])
def test_erratum_moves_the_time_only_if_the_editor_says_so(says_so: bool, moves: bool) -> None:
    article = make_live()
    draft = Draft(kind=Notice.Kind.ERRATUM, text="Namanya Sari.", changes_substance=says_so)

    row = publishing.publish(article, revision=1, notice=draft, **ed(AT + HOUR)).publication

    assert (row.substantive_at is not None) is moves
    assert Notice.objects.get().is_substantive is moves


@pytest.mark.parametrize("kind", [Notice.Kind.CORRECTION, Notice.Kind.CLARIFICATION, Notice.Kind.REPLY])
def test_every_other_kind_moves_the_time(kind: str) -> None:
    article = make_live()
    row = publishing.publish(article, revision=1, notice=Draft(kind=kind, text="X"), **ed(AT + HOUR)).publication
    assert row.substantive_at == row.visible_from


def test_later_publications_carry_it_on() -> None:
    article = make_live()
    publishing.publish(article, revision=1, notice=KORAN, **ed(AT + HOUR))
    number = save_article(article, title="Lain", by=person("ed"), at=AT + HOUR)
    publishing.publish(article, revision=number, **ed(AT + 2 * HOUR))
    publishing.expire(article, **ed(AT + 3 * HOUR))
    publishing.publish(article, revision=1, **ed(AT + 4 * HOUR))

    assert [texts(article, AT + n * HOUR + MINUTE) for n in range(5)] == [
        [],
        [KORAN.text],
        [KORAN.text],
        [],
        [KORAN.text],
    ]
    assert public(article, AT + 3 * HOUR + MINUTE) == []
    assert public(article, AT + 4 * HOUR + MINUTE) == [KORAN.text]


def test_a_planned_update_carries_what_is_published_before_it() -> None:
    article = make_live()
    number = save_article(article, title="Lain", by=person("ed"), at=AT)
    publishing.schedule(article, revision=number, visible_from=AT + 3 * HOUR, **ed(AT))

    publishing.publish(article, revision=1, notice=KORAN, **ed(AT + HOUR))

    assert texts(article, AT + 4 * HOUR) == [KORAN.text]
    # What came before it does not.
    assert Publication.objects.standing().filter(article=article, notices=[]).count() == 1


def test_nothing_is_corrected_that_readers_never_saw() -> None:
    article = make_approved()
    with pytest.raises(refusals.NothingToCorrect):
        publishing.publish(article, revision=1, notice=KORAN, **ed(AT))
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    "draft", [Draft(kind="correction", text=" \n"), Draft(kind="", text="X"), Draft(kind="x", text="X")]
)
def test_a_correction_says_something(draft: Draft) -> None:
    article = make_live()
    with pytest.raises(refusals.NoticeEmpty):
        publishing.publish(article, revision=1, notice=draft, **ed(AT + HOUR))


def test_a_replys_own_story_is_another_one() -> None:
    article, other = make_live(), make_live(title="Jawaban")
    for draft in (
        Draft(kind="reply", text="X", reply_article=article),
        Draft(kind="correction", text="X", reply_article=other),
    ):
        with pytest.raises(refusals.ReplyElsewhere):
            publishing.publish(article, revision=1, notice=draft, **ed(AT + HOUR))


def test_moving_a_plan_takes_its_correction_along() -> None:
    article = make_live()
    publishing.schedule(article, revision=1, visible_from=AT + 5 * HOUR, notice=KORAN, **ed(AT + MINUTE))

    outcome = publishing.schedule(article, revision=1, visible_from=AT + 3 * HOUR, **ed(AT + HOUR))

    assert [notice.text for notice in outcome.moved] == [KORAN.text]
    assert outcome.publication.substantive_at == AT + 3 * HOUR
    assert [texts(article, AT + n * HOUR) for n in (2, 4, 6)] == [[], [KORAN.text], [KORAN.text]]


def test_publishing_the_planned_revision_brings_its_correction_forward() -> None:
    article = make_live()
    number = save_article(article, title="Lain", by=person("ed"), at=AT)
    publishing.schedule(article, revision=number, visible_from=AT + 5 * HOUR, notice=KORAN, **ed(AT))

    outcome = publishing.publish(article, revision=number, **ed(AT + HOUR))

    assert outcome.moved
    assert texts(article, AT + HOUR + MINUTE) == [KORAN.text]
    assert outcome.publication.substantive_at == outcome.publication.visible_from


def test_a_correction_beside_a_planned_one_of_the_same_text_leaves_the_plan() -> None:
    article = make_live()
    reply = Draft(kind="reply", text="Kami membantah.")
    publishing.schedule(article, revision=1, visible_from=AT + 5 * HOUR, notice=reply, **ed(AT))

    outcome = publishing.publish(article, revision=1, notice=KORAN, **ed(AT + HOUR))

    assert outcome.kept
    assert [texts(article, AT + n * HOUR) for n in (2, 6)] == [[KORAN.text], [KORAN.text, reply.text]]


def test_another_plan_drops_the_correction_and_the_form_keeps_its_words() -> None:
    article = make_live()
    publishing.schedule(article, revision=1, visible_from=AT + 5 * HOUR, notice=KORAN, **ed(AT))
    number = save_article(article, title="Lain", by=person("ed"), at=AT)

    outcome = publishing.schedule(article, revision=number, visible_from=AT + 6 * HOUR, **ed(AT + HOUR))

    assert [notice.text for notice in outcome.dropped] == [KORAN.text]
    assert texts(article, AT + 7 * HOUR) == public(article, AT + 7 * HOUR) == []
    assert notices.unsaid(article) == Notice.objects.get()


def test_a_notice_bumps_the_log_and_every_page_of_its_story() -> None:
    article = make_live()
    SurfaceLog.objects.all().delete()
    publishing.publish(article, revision=1, notice=KORAN, **ed(AT + HOUR))
    keys = bumped()
    assert {"corrections", f"article:{article.pk}"} <= keys


def test_the_page_of_the_answered_story_hears_of_the_reply() -> None:
    article, answer = make_live(), make_approved(title="Jawaban")
    draft = Draft(kind="reply", text="Kami membantah.", reply_article=answer)
    publishing.publish(article, revision=1, notice=draft, **ed(AT + HOUR))
    SurfaceLog.objects.all().delete()
    publishing.publish(answer, revision=1, **ed(AT + 2 * HOUR))
    assert f"article:{article.pk}" in bumped()


def test_a_return_after_withdrawal_may_bring_a_correction() -> None:
    article = make_live()
    publishing.withdraw(article, **BURIAL, **ed(AT + HOUR))
    publishing.publish(article, revision=1, notice=KORAN, **ed(AT + 2 * HOUR))
    assert Notice.objects.get().corrected.visible_from == AT
    assert texts(article, AT + 3 * HOUR) == [KORAN.text]


@pytest.fixture
def corrected() -> Article:
    """A story with one correction, an hour old."""
    article = make_live()
    publishing.publish(article, revision=1, notice=KORAN, **ed(AT + HOUR))
    return article


def take_back(notice: Notice, at: datetime, reason: str = "Angka 19 ternyata benar.") -> None:
    publishing.take_back_notice(notice, reason=reason, **ed(at))


class TestTakingBack:
    def test_it_stays_on_the_story_and_in_the_log_marked_with_the_reason(self, corrected: Article) -> None:
        take_back(Notice.objects.get(), AT + 2 * HOUR)

        live = live_publication(corrected, AT + 3 * HOUR)
        (shown,) = notices.on(live)
        assert (shown.text, shown.taken_back_reason) == (KORAN.text, "Angka 19 ternyata benar.")
        assert shown.taken_back_at == AT + 2 * HOUR
        assert public(corrected, AT + 3 * HOUR) == [KORAN.text]
        assert list(notices.reasons(live)) == [f"Koreksi (kemudian dicabut): {KORAN.text}"]

    def test_neither_the_story_nor_the_time_of_its_update_changes(self, corrected: Article) -> None:
        before = live_publication(corrected, AT + 2 * HOUR)
        take_back(Notice.objects.get(), AT + 2 * HOUR)
        after = live_publication(corrected, AT + 3 * HOUR)
        assert (after.pk, after.substantive_at, after.title) == (before.pk, before.substantive_at, before.title)

    def test_planned_and_later_publications_say_so_too(self, corrected: Article) -> None:
        number = save_article(corrected, title="Judul yang menyusul")
        publishing.schedule(corrected, revision=number, visible_from=AT + 9 * HOUR, **ed(AT + 2 * HOUR))
        take_back(Notice.objects.get(), AT + 3 * HOUR)
        assert notices.on(live_publication(corrected, AT + 10 * HOUR))[0].taken_back_at
        publishing.publish(corrected, revision=number, **ed(AT + 4 * HOUR))
        assert notices.on(live_publication(corrected, AT + 5 * HOUR))[0].taken_back_at

    def test_versions_that_ended_say_so_too(self, corrected: Article) -> None:
        publishing.publish(corrected, revision=save_article(corrected, title="Judul lain"), **ed(AT + 2 * HOUR))
        take_back(Notice.objects.get(), AT + 3 * HOUR)
        told = [row.notices for row in corrected.publications.order_by("visible_from")]
        assert [len(row) for row in told] == [0, 1, 1]
        assert all("taken_back_at" in row[0] for row in told[1:])

    def test_what_was_suppressed_since_is_not_filled_again(self, corrected: Article) -> None:
        publishing.publish(corrected, revision=save_article(corrected, title="Judul lain"), **ed(AT + 2 * HOUR))
        carrier = Notice.objects.get().carrier
        Publication.objects.filter(pk=carrier.pk).update(suppressed_at=AT + 2 * HOUR, notices=[])
        take_back(Notice.objects.get(), AT + 3 * HOUR)
        carrier.refresh_from_db()
        assert carrier.notices == []

    def test_the_pages_that_show_it_are_made_anew(self, corrected: Article) -> None:
        SurfaceLog.objects.all().delete()
        take_back(Notice.objects.get(), AT + 2 * HOUR)
        assert {f"article:{corrected.pk}", "corrections"} <= bumped()

    def test_a_story_that_stood_as_its_reply_is_one_no_longer(self) -> None:
        article, reply = make_live(), make_live(title="Jawaban")
        draft = Draft(kind=Notice.Kind.REPLY, text="Kami membantah.", reply_article=reply)
        publishing.publish(article, revision=1, notice=draft, **ed(AT + HOUR))
        assert companions.of(live_publication(reply, AT + 2 * HOUR), at=AT + 2 * HOUR).answered
        SurfaceLog.objects.all().delete()

        take_back(Notice.objects.get(), AT + 2 * HOUR)

        assert not companions.of(live_publication(reply, AT + 3 * HOUR), at=AT + 3 * HOUR).answered
        assert not companions.of(live_publication(article, AT + 3 * HOUR), at=AT + 3 * HOUR).replies
        assert f"article:{reply.pk}" in bumped()

    @pytest.mark.parametrize(
        ("reason", "refusal"), [(" \n", refusals.ReasonMissing), ("Sekali lagi.", refusals.NoticeTakenBack)]
    )
    def test_it_takes_a_reason_and_happens_once(
        self, corrected: Article, reason: str, refusal: type[refusals.Refusal]
    ) -> None:
        if reason.strip():
            take_back(Notice.objects.get(), AT + 2 * HOUR)
        # As somebody else read it before.
        with pytest.raises(refusal):
            take_back(Notice.objects.get(), AT + 3 * HOUR, reason)

    def test_what_readers_do_not_see_cannot_be_taken_back(self) -> None:
        article = make_live()
        publishing.schedule(article, revision=1, visible_from=AT + 9 * HOUR, notice=KORAN, **ed(AT + HOUR))
        with pytest.raises(refusals.NoticeNotShown):
            take_back(Notice.objects.get(), AT + 2 * HOUR)
        publishing.withdraw(article, **BURIAL, **ed(AT + 10 * HOUR))
        with pytest.raises(refusals.NoticeNotShown):
            take_back(Notice.objects.get(), AT + 11 * HOUR)
