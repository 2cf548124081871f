"""The form of the right of reply: without cookie, JavaScript or loss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from articles import publishing, replies
from articles.models import Article, ReplyRequest
from newsroom.core.models import OutboxMail
from tests.articles.acts import BURIAL
from tests.factories import AT, make_live, person

pytestmark = pytest.mark.django_db
TYPED = {
    "passage": "Alinea ketiga",
    "reply": "Kami tidak pernah menolak.",
    "name": "Rea Sutan",
    "email": "rea@example.com",
    "capacity": "Juru bicara",
    "website": "",
}
OURS = {"Origin": "http://testserver"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        yield


def url(article: Article) -> str:
    return reverse("reply_request", args=[article.pk])


def test_the_form_asks_in_the_language_of_the_story_and_sets_no_cookie(client: Client) -> None:
    answer = client.get(url(make_live(language="en", title="Strait")))
    assert answer.status_code == 200
    assert '<html lang="en">' in answer.content.decode()
    assert not answer.cookies
    assert answer["X-Robots-Tag"] == "noindex"


def test_sending_leads_to_a_receipt_that_names_nobody(client: Client) -> None:
    article = make_live()
    answer = client.post(url(article), TYPED, headers=OURS)
    assert answer.status_code == 303
    receipt = client.get(answer["Location"]).content.decode()
    assert "14 Agustus 2026, 15.05 WIB" in receipt
    for secret in ("Rea Sutan", "rea@example.com", "menolak"):
        assert secret not in receipt
    again = client.post(url(article), TYPED, headers=OURS)
    assert again["Location"] == answer["Location"]
    assert ReplyRequest.objects.count() == OutboxMail.objects.count() == 1


@pytest.mark.parametrize("field", ["passage", "reply", "name", "email", "capacity"])
def test_a_bad_field_is_named_and_nothing_typed_is_lost(client: Client, field: str) -> None:
    answer = client.post(url(make_live()), {**TYPED, field: ""}, headers=OURS)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in html
    assert all(value in html for name, value in TYPED.items() if name != field)
    assert not ReplyRequest.objects.exists()


def test_too_much_is_not_cut(client: Client) -> None:
    answer = client.post(url(make_live()), {**TYPED, "reply": "a" * 5001}, headers=OURS)
    assert answer.status_code == 422
    assert "a" * 5001 in answer.content.decode()


@pytest.mark.parametrize("act", ["withdraw", "expire", "never"])
def test_without_a_live_story_the_words_can_be_copied(client: Client, act: str) -> None:
    article = make_live()
    if act == "withdraw":
        publishing.withdraw(article, **BURIAL, by=person("ed"), at=AT)
    elif act == "expire":
        publishing.expire(article, by=person("ed"), at=AT)
    address = "/hak-jawab/99999999999999999999/" if act == "never" else url(article)
    answer = client.post(address, TYPED, headers=OURS)
    assert answer.status_code == (404 if act == "never" else 410)
    assert TYPED["reply"] in answer.content.decode()
    assert not ReplyRequest.objects.exists()


def test_too_many_and_a_database_that_fails_keep_the_words(client: Client) -> None:
    article = make_live()
    for number in range(replies.ADDRESS_LIMIT):
        assert client.post(url(article), {**TYPED, "reply": f"Nomor {number}"}, headers=OURS).status_code == 303
    answer = client.post(url(article), TYPED, headers=OURS)
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert TYPED["reply"] in answer.content.decode()
    with mock.patch.object(replies, "receive", side_effect=DatabaseError):
        answer = client.post(url(article), TYPED, headers=OURS)
    assert answer.status_code == 503
    assert TYPED["reply"] in answer.content.decode()


def test_a_receipt_opens_by_its_own_token_alone(client: Client) -> None:
    answer = client.post(url(make_live()), TYPED, headers=OURS)
    assert client.get(answer["Location"][:-3] + "xx/").status_code == 404
    assert client.get("/hak-jawab/terkirim/1/").status_code == 404
