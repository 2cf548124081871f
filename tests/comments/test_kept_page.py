"""What a story's page tells the page cache of itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from articles.models import Publication
from comments import threads
from comments.models import Comment
from newsroom.core import surfaces
from newsroom.core.pagecache.collect import listen
from newsroom.core.pagecache.layer import PageCache
from newsroom.core.pagecache.requests import Reading
from tests.comments.factories import AT, live_article
from tests.core.pagecache.scene import Database, LogReader
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


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Have requests leave the test's connection alone, as Django's test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def kept_page(cache: PageCache, path: str) -> tuple[bytes, int]:
    """Return what a reader without anything of ours is answered, and how many pages are kept by then."""
    head: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "HTTP_HOST": "testserver",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
    }
    body = b"".join(cache(environ, lambda *given: head.extend(given)))  # type: ignore[arg-type, return-value]
    assert head[0] == "200 OK"
    return body, len(cache.store)


@pytest.mark.usefixtures("one_connection")
def test_the_form_of_a_page_kept_for_hours_takes_a_comment_without_scripts(client: Client) -> None:
    """The page is made just after midnight, when it has longest to live, and sent from eleven hours later."""
    article = live_article()
    path = Publication.objects.get(article=article).path
    cache = PageCache(
        WSGIHandler(),
        reader=lambda: LogReader(Database()),
        is_kept=lambda asked: asked == path,
        reading=Reading(private_cookies=["newsroom_"], ports=["80"], scheme_header=None),
        clock=lambda: time.time(),
        has_thread=False,
    )
    with time_machine.travel(datetime(2026, 8, 12, 17, 30, tzinfo=UTC), tick=False) as clock:
        made, count = kept_page(cache, path)
        assert count == 1
        clock.shift(timedelta(hours=11))
        page, _ = kept_page(cache, path)
        assert page == made
        words = page.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', words))
        action = re.findall(r'<form class="form" method="post" action="([^"]+)"', words)[0]
        typed = {"text": "Selat itu dangkal.", "name": "Rea", "email": "rea@example.com", "website": ""}
        answer = client.post(action, hidden | typed, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303
    assert Comment.objects.get().text == "Selat itu dangkal."
