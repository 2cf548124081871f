"""Related stories: by shared topics, in the same language, newest first, three at most."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles import publishing
from articles.models import Article, Topic
from articles.related import related_to
from tests.articles.views.bulk import publish_many
from tests.factories import AT, live_publication, make_live, make_topic, person, save_article

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


def story(title: str, topics: Iterable[Topic], *, hours: int = 0, **fields: str) -> Article:
    return make_live(title=title, topics=topics, at=AT + timedelta(hours=hours), **fields)


def related(article: Article) -> list[str]:
    publication = live_publication(article, LATER)
    assert publication is not None
    return [found.title for found in related_to(publication, at=LATER)]


def test_newest_that_share_a_topic_come_first_and_once() -> None:
    energy, sea = make_topic("Energi"), make_topic("Laut")
    here = story("Di sini", [energy, sea])
    for hours, title in enumerate(["Satu", "Dua", "Tiga", "Empat"]):
        story(title, [energy, sea], hours=hours)
    story("Lain", [make_topic("Beras")], hours=9)
    assert related(here) == ["Empat", "Tiga", "Dua"]


def test_story_is_never_related_to_itself() -> None:
    here = story("Di sini", [make_topic("Energi")])
    number = save_article(here, kicker="Teluk")
    publishing.publish(here, revision=number, by=person("ed"), at=AT + timedelta(hours=1))
    assert related(here) == []


def test_other_languages_and_what_is_withdrawn_stay_out() -> None:
    energy = make_topic("Energi")
    here = story("Di sini", [energy])
    story("Elsewhere", [energy], language="en")
    gone = story("Ditarik", [energy])
    publishing.withdraw(gone, ground="trauma", public_reason="Keselamatan.", by=person("cas"), at=AT)
    assert related(here) == []


def test_story_without_topics_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    publication = live_publication(story("Tanpa topik", []), LATER)
    assert publication is not None
    with django_assert_num_queries(0):
        assert related_to(publication, at=LATER) == []


def test_one_query_for_a_topic_of_a_thousand(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    here = story("Di sini", [make_topic("Energi"), make_topic("Laut")])
    publish_many(1000)
    publication = live_publication(here, LATER)
    assert publication is not None
    with django_assert_num_queries(1):
        found = related_to(publication, at=LATER)
        assert [(story.title, story.path, story.section_name) for story in found]
