"""The public state of one story and of many, and the queries behind `at` and `live`."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import publishing
from articles.models import Article, Publication
from articles.states import PublicState, public_state, public_states, with_public_state
from tests.articles.acts import BURIAL, HOUR
from tests.factories import AT, make_approved, make_article, make_live, person, save_article

pytestmark = pytest.mark.django_db

NOW = AT + HOUR


def one_of_each() -> dict[PublicState, Article]:
    """Return a story in every public state there is at NOW."""
    ed = person("ed")
    scheduled, updated, expired, withdrawn = make_approved(), make_live(), make_live(), make_live()
    publishing.schedule(scheduled, revision=1, visible_from=AT + 5 * HOUR, by=ed, at=AT)
    save_article(updated, title="Dua", by=ed)
    publishing.schedule(updated, revision=2, visible_from=AT + 5 * HOUR, by=ed, at=AT)
    publishing.expire(expired, by=ed, at=AT + HOUR / 2)
    publishing.withdraw(withdrawn, by=ed, at=AT + HOUR / 2, **BURIAL)
    return {
        PublicState.NEVER: make_article(),
        PublicState.SCHEDULED: scheduled,
        PublicState.LIVE: make_live(),
        PublicState.LIVE_UPDATE_SCHEDULED: updated,
        PublicState.EXPIRED: expired,
        PublicState.WITHDRAWN: withdrawn,
    }


def test_many_stories_have_their_states_in_one_query(django_assert_num_queries) -> None:
    stories = one_of_each()
    assert set(stories) == set(PublicState)
    with django_assert_num_queries(1):
        found = public_states([story.pk for story in stories.values()], NOW)
    assert found == {story.pk: state for state, story in stories.items()}


def test_lists_can_be_filtered_by_state() -> None:
    stories = one_of_each()
    for state, story in stories.items():
        assert list(with_public_state(Article.objects.all(), NOW).filter(public_state=state)) == [story]


def test_the_state_follows_the_moment_that_is_asked_for() -> None:
    article = make_approved()
    publishing.schedule(
        article, revision=1, visible_from=AT + HOUR, visible_until=AT + 2 * HOUR, by=person("ed"), at=AT
    )
    instant = timedelta(microseconds=1)
    states = [public_state(article, AT + moment) for moment in (HOUR - instant, HOUR, 2 * HOUR - instant, 2 * HOUR)]
    assert states == [PublicState.SCHEDULED, PublicState.LIVE, PublicState.LIVE, PublicState.EXPIRED]


def test_a_withdrawn_story_with_a_planned_return_is_withdrawn_until_then() -> None:
    article = make_live()
    publishing.withdraw(article, by=person("ed"), at=NOW, **BURIAL)
    publishing.schedule(article, revision=1, visible_from=NOW + HOUR, by=person("ed"), at=NOW)
    assert public_state(article, NOW + HOUR / 2) == PublicState.WITHDRAWN
    assert public_state(article, NOW + HOUR) == PublicState.LIVE


def test_live_leaves_out_what_at_answers_with_a_notice() -> None:
    stories = one_of_each()
    live = set(Publication.objects.live(NOW).values_list("article_id", flat=True))
    answered = set(Publication.objects.at(NOW).values_list("article_id", flat=True))
    assert live == {stories[state].pk for state in (PublicState.LIVE, PublicState.LIVE_UPDATE_SCHEDULED)}
    assert answered - live == {stories[PublicState.WITHDRAWN].pk}


def test_the_next_boundary_is_the_first_change_readers_can_meet() -> None:
    assert Publication.objects.all().next_boundary(AT) is None
    article = make_live()
    assert Publication.objects.all().next_boundary(NOW) is None
    publishing.expire(article, visible_until=AT + 5 * HOUR, by=person("ed"), at=AT)
    other = make_approved()
    publishing.schedule(other, revision=1, visible_from=AT + 4 * HOUR, by=person("ed"), at=AT)
    assert Publication.objects.all().next_boundary(NOW) == AT + 4 * HOUR
    publishing.cancel(other, by=person("ed"), at=AT)
    assert Publication.objects.all().next_boundary(NOW) == AT + 5 * HOUR
    assert Publication.objects.filter(article=other).next_boundary(NOW) is None
