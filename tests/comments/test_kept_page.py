"""What a story's page tells the page cache of itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from articles.models import Publication
from comments import threads
from newsroom.core import surfaces
from newsroom.core.pagecache.collect import listen
from tests.comments.factories import AT, live_article
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_a_story_stands_on_its_surfaces_until_its_thread_closes() -> None:
    article = live_article()
    path = Publication.objects.get(article=article).path
    closes_at = AT + timedelta(minutes=40)
    threads.keep(article.pk, mode="open", closes_at=closes_at, by=person("mo"), at=AT)
    with time_machine.travel(AT + timedelta(minutes=10), tick=False), listen() as said:
        assert Client().get(path).status_code == 200
    own = {surfaces.article(article.pk), surfaces.thread(article.pk)}
    topics = {surfaces.topic(topic.pk) for topic in article.topics.all()}
    assert said.keys == {surfaces.site(), surfaces.topics(), *own, *topics}
    assert said.until == closes_at.timestamp()
    with time_machine.travel(closes_at, tick=False), listen() as said:
        assert Client().get(path).status_code == 200
    assert said.until > closes_at.timestamp()


def test_what_is_not_there_says_nothing() -> None:
    with listen() as said:
        assert Client().get("/nasional/tidak-ada-7/").status_code == 404
    assert not said.keys
