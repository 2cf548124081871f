"""Counting again finds every wrong figure and corrects it."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article
from comments import recount
from comments.models import Comment, Status, Thread
from tests.comments.factories import AT, build_thread, decide, make_comment


def test_services_and_bulk_builder_leave_no_drift(article: Article):
    root = make_comment(article)
    make_comment(article, reply_to=make_comment(article, reply_to=root))
    decide(root, Status.SPAM)
    build_thread(article, roots=3, replies=7, depth=3)
    assert list(recount.drifts()) == []


def test_every_wrong_figure_is_told_and_corrected(article: Article):
    root = make_comment(article)
    reply = make_comment(article, reply_to=root)
    Thread.objects.update(visible_count=7)
    Comment.objects.filter(pk=root.pk).update(visible_below=5)
    Comment.objects.filter(pk=reply.pk).update(hidden_ancestors=1, visible=False)
    assert {drift.comment_id for drift in recount.drifts()} == {None, root.pk, reply.pk}
    assert recount.repair(root.thread_id, by=None, at=AT) == 3
    assert list(recount.drifts()) == []
    reply.refresh_from_db()
    assert reply.visible


def test_command_ends_in_an_error_on_drift(article: Article):
    make_comment(article)
    out = io.StringIO()
    call_command("recount_comments", stdout=out)
    assert "right" in out.getvalue()
    Thread.objects.update(visible_count=7)
    errors = io.StringIO()
    with pytest.raises(CommandError):
        call_command("recount_comments", stderr=errors)
    assert "should have 1" in errors.getvalue()
    with pytest.raises(CommandError):
        call_command("recount_comments", repair=True, stderr=errors)
    assert list(recount.drifts()) == []
