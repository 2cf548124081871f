"""The receipt of a comment."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from articles.models import Article
from comments.models import Comment, Status
from comments.views.received import receipt_url
from tests.comments.factories import AT, decide, make_comment


def receipt_of(comment: Comment) -> str:
    return receipt_url(comment.pk, sent_at=comment.created_at)


def test_receipt_is_private_and_unlisted(client: Client, story: Article) -> None:
    answer = client.get(receipt_of(make_comment(story, status=Status.PENDING)))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


def test_receipt_follows_what_becomes_of_the_comment(client: Client, story: Article) -> None:
    comment = make_comment(story, status=Status.PENDING, text="Pendapat <i>saya</i>.")
    url = receipt_of(comment)
    waiting = client.get(url).content.decode()
    assert "comment--waiting" in waiting
    assert "Pendapat &lt;i&gt;saya&lt;/i&gt;." in waiting
    decide(comment, Status.APPROVED)
    shown = client.get(url).content.decode()
    assert "comment--waiting" not in shown
    assert f"/komentar/{story.pk}/{comment.pk}/#comment-{comment.pk}" in shown


def test_receipt_of_a_rejected_comment_says_so(client: Client, story: Article) -> None:
    comment = make_comment(story, status=Status.REJECTED)
    page = client.get(receipt_of(comment)).content.decode()
    assert "comment--waiting" not in page
    assert f"/komentar/{story.pk}/{comment.pk}/" not in page


def test_receipt_runs_out(client: Client, story: Article, clock: time_machine.Traveller) -> None:
    url = receipt_of(make_comment(story, text="Masih rahasia."))
    clock.move_to(AT + timedelta(days=8))
    answer = client.get(url)
    assert answer.status_code == 410
    assert "Masih rahasia." not in answer.content.decode()


@pytest.mark.parametrize("token", ["x", "6b03511b.1:palsu", "%00", "a:b:c"])
def test_forged_receipt_is_not_found(client: Client, story: Article, token: str) -> None:
    make_comment(story)
    assert client.get(f"/komentar/terkirim/{token}/").status_code == 404


def test_form_token_opens_no_receipt(client: Client, story: Article) -> None:
    comment: Comment = make_comment(story)
    token = receipt_of(comment).split("/")[-2]
    assert client.get(f"/komentar/terkirim/{token}/").status_code == 200
    page = client.get(f"/komentar/{story.pk}/").content.decode()
    form_token = page.partition('name="token" value="')[2].partition('"')[0]
    assert client.get(f"/komentar/terkirim/{form_token}/").status_code == 404


def test_receipt_refuses_other_methods(client: Client, story: Article) -> None:
    assert client.post(receipt_of(make_comment(story))).status_code == 405
