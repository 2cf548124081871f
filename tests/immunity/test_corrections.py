"""Attacks on corrections, the log, the history and the right of reply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from articles import publishing, replies, revisions
from articles.models import Article, Notice, ReplyRequest
from articles.notices import Draft
from newsroom.core.http import Origin
from newsroom.core.models import OutboxMail
from tests.articles.acts import BURIAL, HOUR
from tests.factories import AT, live_publication, make_live, person, save_article

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=1)
SECRET = "Rahasia yang tidak boleh terbaca"
PAGES = ("/", "/koreksi/", "/koreksi/pencabutan/", "/koreksi/feed/atom/", "/feed/atom/", "/feed/rss/")


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def update(article: Article, at: Any, notice: Draft | None = None, **fields: Any) -> None:
    number = save_article(article, by=person("ed"), at=AT, **fields)
    publishing.publish(
        article, revision=number, change_note="" if notice else "Diperbarui", notice=notice, by=person("ed"), at=at
    )


def everywhere(client: Client, article: Article) -> str:
    """Return all that readers can fetch about the story: its page, its history by every version, log and feeds."""
    live = live_publication(article, NOW)
    path = live.path if live else f"/x/x-{article.pk}/"
    own = [path, f"{path}riwayat/", *(f"{path}riwayat/?versi={number}" for number in range(1, 5))]
    return "\n".join(client.get(address, follow=True).content.decode() for address in (*own, *PAGES))


@pytest.mark.parametrize("act", ["cancel", "planned", "withdraw", "kill"])
def test_no_correction_is_read_before_its_time_or_after_its_story(client: Client, act: str) -> None:
    article = make_live()
    if act in ("cancel", "planned"):
        draft = Draft(kind=Notice.Kind.CORRECTION, text=SECRET, is_grave=True)
        number = save_article(article, title=SECRET, by=person("ed"), at=AT)
        publishing.schedule(
            article, revision=number, visible_from=NOW + HOUR, notice=draft, by=person("ed"), at=AT + HOUR
        )
    else:
        update(article, AT + HOUR, Draft(kind=Notice.Kind.CORRECTION, text=SECRET), standfirst=SECRET)
    {
        "cancel": lambda: publishing.cancel(article, by=person("ed"), at=AT + 2 * HOUR),
        "withdraw": lambda: publishing.withdraw(article, **BURIAL, by=person("ed"), at=AT + 2 * HOUR),
        "kill": lambda: publishing.kill(article, **BURIAL, by=person("cas"), at=AT + 2 * HOUR),
        "planned": lambda: None,
    }[act]()
    assert SECRET not in everywhere(client, article)


@pytest.mark.parametrize("note", ["", "Tanpa nama anak"])
def test_what_was_withdrawn_does_not_come_back_with_its_story(client: Client, note: str) -> None:
    article = make_live(standfirst=SECRET)
    update(article, AT + HOUR, title="Judul kedua")
    publishing.withdraw(article, **BURIAL, by=person("ed"), at=AT + 2 * HOUR)
    number = save_article(article, standfirst="Bersih.", by=person("ed"), at=AT + 3 * HOUR)
    publishing.publish(article, revision=number, change_note=note, by=person("ed"), at=AT + 3 * HOUR)
    html = everywhere(client, article)
    assert SECRET not in html
    assert "Bersih." in html
    update(article, AT + 4 * HOUR, standfirst="Lebih bersih.")
    html = everywhere(client, article)
    assert SECRET not in html
    assert "<ins>Lebih" in html


def test_a_purged_version_is_in_no_history(client: Client) -> None:
    article = make_live()
    update(article, AT + HOUR, standfirst=SECRET)
    update(article, AT + 2 * HOUR, standfirst="Bersih.")
    assert SECRET in everywhere(client, article)
    revisions.request_purge(article, 2, ground="Putusan", by=person("cas"), at=AT + 3 * HOUR)
    revisions.purge_revision(article, 2, by=person("ed"), at=AT + 3 * HOUR)
    html = everywhere(client, article)
    assert SECRET not in html
    assert "Bersih." in html


def test_a_source_that_became_confidential_is_in_no_history(client: Client) -> None:
    article = make_live(sources=[{"title": SECRET}])
    article.sources.update(is_confidential=True)
    update(article, AT + HOUR, title="Judul baru")
    assert SECRET not in everywhere(client, article)


def test_markup_in_a_notice_and_a_reply_stays_text(client: Client) -> None:
    article = make_live()
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    update(article, AT + HOUR, Draft(kind=Notice.Kind.REPLY, text=evil, place=evil, is_grave=True), title=evil)
    html = everywhere(client, article)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


TYPED = {"passage": "Alinea", "reply": "Jawaban", "name": "Rea", "email": "rea@example.com", "capacity": "Pribadi"}


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_a_foreign_page_sends_no_reply_and_what_was_typed_stands_there(client: Client, headers: dict[str, str]) -> None:
    answer = client.post(reverse("reply_request", args=[make_live().pk]), TYPED, headers=headers)
    assert answer.status_code == 403
    assert "Jawaban" in answer.content.decode()
    assert not ReplyRequest.objects.exists()
    assert not OutboxMail.objects.exists()


def ask(article: Article, **more: str) -> ReplyRequest:
    live = live_publication(article, NOW)
    assert live is not None
    given: dict[str, Any] = {**TYPED, "address": "203.0.113.9", "origin": Origin.OURS, "at": NOW, **more}
    return replies.receive(live, **given).request


def test_no_header_is_smuggled_into_a_mail() -> None:
    article = make_live()
    update(article, AT + HOUR, title="Judul\r\nBcc: semua@example.com")
    found = ask(article, name="Rea\r\nBcc: x@example.com", capacity="Pribadi\nSubject: palsu")
    replies.refuse(found, ground="unrelated", answer="Tidak\r\nBcc: y@example.com", by=person("ed"), at=NOW)
    for mail in OutboxMail.objects.all():
        assert "\n" not in mail.subject + mail.recipient
        assert mail.recipient == "rea@example.com"
    assert found.name == "Rea Bcc: x@example.com"


@pytest.mark.parametrize("email", ["a@example.com,b@example.com", "a@example.com\nBcc: b@example.com", "a", "a@b@c"])
def test_one_request_writes_to_one_address(client: Client, email: str) -> None:
    article = make_live()
    answer = client.post(reverse("reply_request", args=[article.pk]), {**TYPED, "email": email})
    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        ask(article, email=email)
    assert not OutboxMail.objects.exists()


def test_bytes_no_database_takes_are_no_error(client: Client) -> None:
    article = make_live()
    sent = {name: f"{value}\x00\ud800"[:-1] for name, value in TYPED.items()} | {"email": "rea@example.com"}
    answer = client.post(reverse("reply_request", args=[article.pk]), sent, headers={"Origin": "http://testserver"})
    assert answer.status_code in (303, 422)
    for address in ("/koreksi/?page=%00", "/hak-jawab/0/", f"/x/x-{article.pk}/riwayat/?versi=%00"):
        assert client.get(address, follow=True).status_code in (404, 200)
