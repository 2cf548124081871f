"""Hashes of addresses are dropped after 30 days, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article
from comments import posting, retention
from comments.models import Comment
from tests.comments.factories import AT, live_article, make_comment, typed


def test_hashes_go_after_30_days(article: Article, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    old = [make_comment(article) for _ in range(5)]
    young = make_comment(article, at=AT + timedelta(seconds=1))
    kept = Comment.objects.filter(pk=old[0].pk).values("name", "email", "text", "status", "visible", "text_hash").get()
    assert retention.drop_hashes(at=AT + timedelta(days=30)) == 0
    assert retention.drop_hashes(at=AT + timedelta(days=30, milliseconds=1)) == 5
    for comment in Comment.objects.filter(pk__in=[row.pk for row in old]):
        assert (comment.address_hash, comment.network_hash, comment.idempotency_key) == ("", "", None)
    assert Comment.objects.filter(pk=old[0].pk).values(*kept).get() == kept
    young.refresh_from_db()
    assert young.address_hash
    assert retention.drop_hashes(at=AT + timedelta(days=30, milliseconds=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_worker_drops_them():
    at = timezone.now() - timedelta(days=31)
    comment = make_comment(live_article(at=at), at=at)
    assert comment.address_hash
    call_command("work", "--batch")
    comment.refresh_from_db()
    assert comment.address_hash == ""


def test_posting_goes_on_after_hashes_went(article: Article):
    fields = typed(article)
    first = posting.post(**fields)
    later = AT + timedelta(days=31)
    retention.drop_hashes(at=later)
    assert isinstance(first, posting.Posted)
    assert posting.post(**fields | {"at": later}) != first
