"""A story with 5,000 comments: what its page costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.comments.factories import AT, build_thread, live_article

pytestmark = pytest.mark.django_db
# As long as comments of real readers are, on average.
TEXT = "Saya setuju dengan penulis, tetapi soal anggarannya belum dijawab. " * 4


def test_5000_comments_take_three_queries_and_100_kb(client: Client) -> None:
    story = live_article(at=AT)
    build_thread(story, roots=500, replies=9, text=TEXT)
    path = story.publications.get().path
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        page = client.get(path)
    assert page.status_code == 200
    assert b'data-visible-count="5000"' in page.content
    assert len([query for query in caught.captured_queries if 'FROM "comments_comment"' in query["sql"]]) <= 2
    # One more asks for the story and its thread at once; the rest of the page takes what it takes without comments.
    assert len(caught) - without_comments(client) <= 2
    assert len(page.content) <= 100_000


def without_comments(client: Client) -> int:
    """Return how many queries the page of a story takes that nobody commented on."""
    path = live_article(at=AT, title="Tanpa komentar").publications.get().path
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)
