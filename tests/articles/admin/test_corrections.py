"""Corrections, replies and translations at the desk: the forms, who may, what is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import notices, publishing, replies, translations, workflow
from articles.models import Article, Notice, ReplyRequest
from articles.notice_forms import CorrectForm
from articles.notices import Draft
from newsroom.core.http import Origin
from newsroom.desk.replies import Replies
from tests.articles.acts import HOUR
from tests.factories import AT, live_publication, make_approved, make_article, make_live, make_section, person

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def enter(name: str) -> Client:
    client = Client()
    client.force_login(person(name))
    return client


def ask(article: Article, **more: Any) -> ReplyRequest:
    live = live_publication(article, AT)
    assert live is not None
    typed = {"name": "Rea Sutan", "email": "rea@example.com", "capacity": "Juru bicara", "passage": "Alinea 1"}
    given = {"reply": "Tidak benar.", "address": "203.0.113.9", "origin": Origin.OURS, "at": AT, **more}
    return replies.receive(live, **typed, **given).request


def bound(article: Article, **answers: str) -> CorrectForm:
    return CorrectForm(
        {f"act-correct-{name}": value for name, value in answers.items()}, prefix="act-correct", article=article
    )


def test_the_form_makes_the_notice_that_was_filled_in() -> None:
    article, other = make_live(), make_live(title="Jawaban")
    form = bound(article, kind="reply", text="Kami\r\nmembantah.", is_grave="on", reply_article=str(other.pk))
    assert form.is_valid(), form.errors
    assert form.draft() == Draft(kind="reply", text="Kami\nmembantah.", is_grave=True, reply_article=other)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"kind": "", "text": "X"}, "kind"),
        ({"kind": "correction", "text": " "}, "text"),
        ({"kind": "correction", "text": "X" * 5001}, "text"),
        ({"kind": "reply", "text": "X", "reply_article": "999999"}, "reply_article"),
        ({"kind": "reply", "text": "X", "reply_article": "9" * 30}, "reply_article"),
        ({"kind": "correction", "text": "X", "visible_from_0": "kapan"}, "visible_from"),
    ],
)
def test_the_form_refuses_what_is_wrong_with_a_field(answers: dict[str, str], field: str) -> None:
    form = bound(make_live(), **answers)
    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_a_correction_takes_no_reply_of_a_story() -> None:
    article, other = make_live(), make_live(title="Jawaban")
    assert set(bound(article, kind="correction", text="X", reply_article=str(other.pk)).errors) == {"reply_article"}
    assert set(bound(article, kind="reply", text="X", reply_article=str(article.pk)).errors) == {"reply_article"}


def test_the_form_begins_with_an_accepted_reply_or_with_what_never_came() -> None:
    article = make_live()
    assert CorrectForm(article=article).initial == {}
    draft = Draft(kind=Notice.Kind.ERRATUM, text="Namanya Sari.", changes_substance=True)
    publishing.schedule(article, revision=1, visible_from=AT + 9 * HOUR, notice=draft, by=person("ed"), at=AT)
    publishing.cancel(article, by=person("ed"), at=AT + HOUR)
    initial = CorrectForm(article=article).initial
    assert (initial["text"], initial["changes_substance"]) == ("Namanya Sari.", True)

    found = ask(article)
    replies.accept(found, by=person("ed"), at=AT + HOUR)
    assert CorrectForm(article=article).initial["request"] == found.pk


@pytest.fixture
def notice_url() -> str:
    draft = Draft(kind=Notice.Kind.CORRECTION, text="Angkanya 91.")
    publishing.publish(make_live(), revision=1, notice=draft, by=person("ed"), at=AT + HOUR)
    return reverse("admin:articles_notice_change", args=[Notice.objects.get().pk])


def test_a_correction_is_taken_back_with_a_reason_and_once(notice_url: str) -> None:
    client = enter("ed")
    assert 'name="reason"' in client.get(notice_url).content.decode()
    empty = client.post(notice_url, {"reason": " "})
    assert empty.status_code == 422
    assert Notice.objects.get().taken_back_at is None

    assert client.post(notice_url, {"reason": "Angka 19 <b>benar</b>."}).status_code == 302

    html = client.get(notice_url).content.decode()
    assert "Angka 19 &lt;b&gt;benar&lt;/b&gt;." in html
    assert 'name="reason"' not in html
    again = client.post(notice_url, {"reason": "Kata kedua"})
    assert again.status_code == 409
    assert "Kata kedua" in again.content.decode()
    assert Notice.objects.get().taken_back_reason == "Angka 19 <b>benar</b>."
    listed = client.get(reverse("admin:articles_notice_changelist"), {"taken_back": "yes"})
    assert "Angkanya 91." in listed.content.decode()


def test_who_may_not_publish_sees_a_correction_and_cannot_take_it_back(notice_url: str) -> None:
    client = enter("ada")
    assert 'name="reason"' not in client.get(notice_url).content.decode()
    assert client.post(notice_url, {"reason": "Karena"}).status_code == 403
    person("ed").bound_to.create(section=make_section("Eropa"))
    assert enter("ed").post(notice_url, {"reason": "Karena"}).status_code == 403
    assert Notice.objects.get().taken_back_at is None


@pytest.fixture
def request_url() -> str:
    return reverse("admin:articles_replyrequest_change", args=[ask(make_live()).pk])


def test_deciding_publishes_the_reply_below_the_story(request_url: str) -> None:
    data = {"decision": "publish", "reply": "Tidak benar.\r\n\r\nRea Sutan", "answer": ""}
    answer = enter("ed").post(request_url, data)
    assert answer.status_code == 302
    live = live_publication(Article.objects.get(), timezone.now())
    assert live is not None
    assert [row["text"] for row in live.notices] == ["Tidak benar.\n\nRea Sutan"]


def test_a_refusal_without_its_reason_keeps_what_was_typed(request_url: str) -> None:
    answer = enter("ed").post(request_url, {"decision": "refuse", "ground": "", "answer": "Terlalu panjang <b>"})
    assert answer.status_code == 422
    assert "Terlalu panjang &lt;b&gt;" in answer.content.decode()
    assert ReplyRequest.objects.get().state == "waiting"


def test_a_held_story_refuses_and_leaves_the_request_open(request_url: str) -> None:
    workflow.hold(Article.objects.get(), reason="Hukum", by=person("ed"), at=AT)
    answer = enter("ed").post(request_url, {"decision": "publish", "reply": "Jawaban kami", "answer": ""})
    assert answer.status_code == 409
    assert "Jawaban kami" in answer.content.decode()
    assert ReplyRequest.objects.get().state == "waiting"


def test_a_reply_that_was_taken_back_can_be_published_again(request_url: str) -> None:
    client, data = enter("ed"), {"decision": "publish", "reply": "Tidak benar.", "answer": ""}
    client.post(request_url, data)
    publishing.take_back_notice(Notice.objects.get(), reason="Salah kutip.", by=person("ed"), at=timezone.now())
    assert 'name="reply"' in client.get(request_url).content.decode()
    assert client.post(request_url, {**data, "reply": "Sama sekali tidak benar."}).status_code == 302
    assert list(Notice.objects.filter(taken_back_at=None).values_list("text", flat=True)) == [
        "Sama sekali tidak benar."
    ]


@pytest.mark.parametrize("name", ["ada", "mo"])
def test_who_may_not_decide_sees_no_person(request_url: str, name: str) -> None:
    client = enter(name)
    assert client.get(request_url).status_code == 403
    assert client.get(reverse("admin:articles_replyrequest_changelist")).status_code == 403


def test_an_editor_of_another_section_neither_sees_nor_decides(request_url: str) -> None:
    person("ed").bound_to.create(section=make_section("Eropa"))
    client = enter("ed")
    assert client.get(request_url).status_code == 403
    listed = client.get(reverse("admin:articles_replyrequest_changelist"))
    assert "Rea Sutan" not in listed.content.decode()
    assert list(Replies(person("ed"), AT).ahead()) == []


def test_the_board_tells_the_deadline_to_who_may_decide() -> None:
    article = make_live()
    ask(article)
    ask(article, reply="Beli", honeypot="x", address="203.0.113.8")
    [figure] = Replies(person("ed"), AT + HOUR).figures()
    [due] = Replies(person("ed"), AT + HOUR).ahead()
    assert (figure.number, due.at) == (1, AT + 48 * HOUR)
    assert list(Replies(person("ada"), AT + HOUR).figures()) == []
    assert enter("ed").get(figure.url).context["cl"].result_count == 1


def page(article: Article) -> str:
    return reverse("admin:articles_article_translations", args=[article.pk])


def test_one_press_begins_a_translation() -> None:
    article = make_approved()
    answer = enter("ada").post(page(article), {"do": "start:en"})
    draft = Article.objects.get(translation_of=article)
    assert answer["Location"] == reverse("admin:articles_article_change", args=[draft.pk])
    assert (draft.language, draft.created_by) == ("en", person("ada"))
    assert enter("ada").post(page(article), {"do": "start:en"}).status_code == 409
    assert enter("ada").post(page(article), {"do": "start:xx"}).status_code == 422


def test_the_page_links_marks_current_and_unlinks() -> None:
    source, english = make_live(), make_article(language="en", title="Strait")
    client = enter("ada")
    assert client.post(page(english), {"do": "link", "source": "999999"}).status_code == 422
    assert client.post(page(english), {"do": "link", "source": str(source.pk)}).status_code == 302
    assert client.post(page(english), {"do": "current", "revision": "7"}).status_code == 422
    assert client.post(page(english), {"do": "current", "revision": "1"}).status_code == 302
    assert client.get(page(source)).status_code == 200
    assert client.post(page(english), {"do": "unlink"}).status_code == 302
    english.refresh_from_db()
    assert english.translation_of is None


def test_the_list_and_the_panel_flag_a_translation_that_is_behind() -> None:
    source, english = make_live(), make_article(language="en", title="Strait")
    translations.link(english, source=source, by=person("ed"), at=AT)
    listing = reverse("admin:articles_article_changelist")
    flags = {row.pk: row.is_behind for row in enter("ed").get(listing).context["cl"].result_list}
    assert flags == {source.pk: False, english.pk: False}
    publishing.publish(source, revision=1, notice=Draft(kind="correction", text="91"), by=person("ed"), at=AT + HOUR)
    # The same version: nothing to translate anew but the notice.
    assert not translations.is_outdated(english, at=AT + 2 * HOUR)
    assert notices.unsaid(source) is None
