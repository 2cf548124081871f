"""Any sequence of acts leaves what the model says, never two answers at once, never a draft, never another past."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import embargo, publishing, workflow
from articles.models import Article, Notice, Publication, PublicationByline, PublicationTopic
from articles.notices import Draft
from articles.refusals import Refusal
from articles.states import public_state
from tests.articles.acts import BURIAL, make_revised
from tests.articles.model import NOTICE, Desk, Refused, Shown
from tests.factories import AT, person

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
# Twelve steps of four minutes at most, and a plan of twelve.
LENGTH = 60
REVISIONS = 4

# A move's name and its arguments: revisions and minutes.
Move = tuple[str, tuple[int | None, ...]]

STEPS = 12
DRAFT = Draft(kind=Notice.Kind.CORRECTION, text="Angkanya 91.")


def act(article: Article, name: str, arguments: tuple[int | None, ...], now: int) -> None:
    """Do one move through the services; minutes become moments."""
    common: dict[str, Any] = {"by": person("ed"), "at": AT + now * MINUTE}
    moments = [None if minute is None else AT + minute * MINUTE for minute in arguments]
    calls: dict[str, Any] = {
        "publish": lambda: publishing.publish(article, revision=arguments[0], **common),
        "schedule": lambda: publishing.schedule(
            article, revision=arguments[0], visible_from=moments[1], visible_until=moments[2], **common
        ),
        "correct": lambda: publishing.publish(article, revision=arguments[0], notice=DRAFT, **common),
        "correct_later": lambda: publishing.schedule(
            article,
            revision=arguments[0],
            visible_from=moments[1],
            visible_until=moments[2],
            notice=DRAFT,
            **common,
        ),
        "cancel": lambda: publishing.cancel(article, **common),
        "expire": lambda: publishing.expire(article, **common),
        "expire_later": lambda: publishing.expire(article, visible_until=moments[0], **common),
        "cancel_expiry": lambda: publishing.cancel_expiry(article, **common),
        "hold": lambda: workflow.hold(article, reason="Menunggu", **common),
        "lift_hold": lambda: workflow.lift_hold(article, **common),
        "set_embargo": lambda: embargo.set_embargo(article, until=moments[0], **common),
        "withdraw": lambda: publishing.withdraw(article, **BURIAL, **common),
        "kill": lambda: publishing.kill(article, **BURIAL, **common),
    }
    calls[name]()


def answer_of(row: Publication | None) -> Shown:
    """Return a row as the model says it."""
    if row is None:
        return None
    return NOTICE if row.kind == Publication.Kind.TOMBSTONE or row.suppressed_at else row.revision.number


def standing(article: Article) -> list[Publication]:
    """Return the article's standing rows, earliest first."""
    rows = Publication.objects.standing().filter(article=article).select_related("revision")
    return list(rows.order_by("visible_from"))


def answers(rows: list[Publication], first: int) -> list[Shown]:
    """Return what the address answers at the end of each minute from `first` on."""
    found = []
    for minute in range(first, LENGTH + 2):
        moment = AT + minute * MINUTE + MINUTE / 2
        found.append(answer_of(next((row for row in rows if row.visible_from <= moment < row.visible_until), None)))
    return found


def check_rows(rows: list[Publication]) -> None:
    """Hold the table against what must always be true of it."""
    for earlier, later in itertools.pairwise(rows):
        assert earlier.visible_until <= later.visible_from
    stories = [row for row in rows if row.kind == Publication.Kind.STORY]
    for row in stories:
        assert row.title == row.revision.payload["title"]
        assert row.first_published_at == stories[0].visible_from
    ids = [row.pk for row in stories if not row.suppressed_at]
    for through in (PublicationTopic, PublicationByline):
        mirrored = through.objects.values_list("publication_id", "visible_from", "visible_until", "first_published_at")
        times = {(row.pk, row.visible_from, row.visible_until, row.first_published_at) for row in stories}
        assert set(mirrored) == {time for time in times if time[0] in ids}


def check_notices(article: Article, rows: list[Publication], moment: datetime) -> None:
    """Every story row carries the notices of all that stand and began no later; the log says what is live."""
    brought = [(notice.pk, notice.carrier) for notice in article.notices.select_related("carrier").order_by("pk")]
    standing_ids = {row.pk for row in rows}
    for row in rows:
        expected = {
            pk for pk, carrier in brought if carrier.pk in standing_ids and carrier.visible_from <= row.visible_from
        }
        if row.kind == Publication.Kind.STORY and not row.suppressed_at:
            assert {notice["id"] for notice in row.notices} == expected
    live = Publication.objects.live(moment).filter(article=article).first()
    public = set(Notice.objects.public(moment).filter(article=article).values_list("pk", flat=True))
    assert public == {notice["id"] for notice in (live.notices if live else [])}


def candidates(number: int, first: int, second: int | None) -> list[Move]:
    """Return every move there is, with these arguments."""
    plain = ["cancel", "expire", "cancel_expiry", "hold", "lift_hold", "withdraw", "kill"]
    return [
        ("publish", (number,)),
        ("schedule", (number, first, second)),
        ("correct", (number,)),
        ("correct_later", (number, first, second)),
        ("expire_later", (first,)),
        ("set_embargo", (first,)),
        *((name, ()) for name in plain),
    ]


def outcome(desk: Desk, move: Move, now: int) -> Desk | None:
    """Return the model after a move, None when it refuses."""
    name, arguments = move
    try:
        return getattr(desk, name)(now, *arguments)
    except Refused:
        return None


def draw_move(data: st.DataObject, desk: Desk, now: int) -> Move:
    """Draw a move: mostly one that the model allows, and a kill only now and then, since it ends all."""
    minute = st.integers(now + 1, now + 12)
    moves = candidates(data.draw(st.integers(1, REVISIONS)), data.draw(minute), data.draw(st.none() | minute))
    allowed = [move for move in moves if outcome(desk, move, now)]
    chosen = data.draw(st.sampled_from(allowed if allowed and data.draw(st.integers(0, 7)) else moves))
    return chosen if chosen[0] != "kill" or data.draw(st.booleans()) else moves[0]


def compare(article: Article, desk: Desk, now: int, past: dict[int, Shown]) -> None:
    """Hold what the database says against the model: from now on, now by every road, and in the past."""
    rows = standing(article)
    check_rows(rows)
    assert answers(rows, now) == [desk.at(minute).shown for minute in range(now, LENGTH + 2)]
    moment = AT + now * MINUTE + MINUTE / 2
    assert public_state(article, moment) == desk.state()
    assert answer_of(Publication.objects.at(moment).filter(article=article).first()) == desk.shown
    check_notices(article, rows, moment)
    readable = Publication.objects.live(moment).filter(article=article).exists()
    assert readable == (desk.shown not in (None, NOTICE))
    before = answers(rows, 0)
    for minute, shown in past.items():
        assert before[minute] == (NOTICE if desk.killed and shown is not None else shown)


@pytest.fixture
def story() -> Article:
    return make_revised(REVISIONS, at=AT - MINUTE)


def play(article: Article, data: st.DataObject) -> None:
    """Play a sequence on the story and on the model side by side."""
    desk, now = Desk(), 0
    past: dict[int, Shown] = {}
    for _step in range(STEPS):
        pause = data.draw(st.integers(0, 4))
        past |= {minute: desk.at(minute).shown for minute in range(now, now + pause)}
        now += pause
        desk = desk.at(now)
        move = draw_move(data, desk, now)
        after = outcome(desk, move, now)
        if after is None:
            with pytest.raises(Refusal), transaction.atomic():
                act(article, *move, now)
        else:
            act(article, *move, now)
        desk = after or desk
        compare(article, desk, now, past)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_sequence_of_acts_leaves_what_the_model_says(story: Article, data: st.DataObject) -> None:
    savepoint = transaction.savepoint()
    try:
        play(story, data)
    finally:
        transaction.savepoint_rollback(savepoint)
