"""The right of reply: taken once, decided once, published with the story, forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from articles import notices, publishing, refusals, replies
from articles.models import Article, Notice, ReplyRequest
from articles.notices import Draft
from newsroom.core.http import Origin
from newsroom.core.models import OutboxMail
from tests.articles.acts import BURIAL, HOUR
from tests.factories import AT, live_publication, make_live, person

pytestmark = pytest.mark.django_db
LATER = AT + HOUR
TYPED = {
    "name": "Rea Sutan",
    "email": "rea@example.com",
    "capacity": "Juru bicara",
    "passage": "Alinea ketiga",
    "reply": "Kami tidak pernah menolak.",
}


def ask(article: Article, **more: Any) -> ReplyRequest:
    live = live_publication(article, AT)
    assert live is not None
    given = {**TYPED, "address": "203.0.113.9", "origin": Origin.OURS, "at": LATER, **more}
    return replies.receive(live, **given).request


def ed(at: Any = AT + 2 * HOUR) -> dict[str, Any]:
    return {"by": person("ed"), "at": at}


def test_a_request_is_due_in_two_days_and_gets_a_receipt_without_its_words() -> None:
    found = ask(make_live())
    assert (found.state, found.due_at - found.received_at) == ("waiting", timedelta(hours=48))
    mail = OutboxMail.objects.get()
    assert (mail.recipient, mail.kind) == ("rea@example.com", "receipt")
    assert TYPED["reply"] not in mail.body_text + mail.subject


def test_a_repeat_is_the_same_request() -> None:
    article = make_live()
    first = ask(article)
    again = ask(
        article, at=LATER + timedelta(hours=20), email="REA@example.com", reply=" Kami tidak pernah menolak.\r\n"
    )
    assert first == again
    assert ReplyRequest.objects.count() == OutboxMail.objects.count() == 1
    assert ask(article, reply="Lain") != first


def test_what_machines_send_is_kept_for_people_and_answered_by_no_mail() -> None:
    found = ask(make_live(), honeypot="x")
    assert found.is_doubtful
    assert not OutboxMail.objects.exists()


def test_one_connection_sends_five_an_hour() -> None:
    article = make_live()
    for number in range(replies.ADDRESS_LIMIT):
        ask(article, reply=f"Jawaban {number}")
    with pytest.raises(refusals.TooManyRequests):
        ask(article, reply="Satu lagi")
    assert ask(article, reply="Satu lagi", address="198.51.100.7").pk


def test_a_letter_box_gets_three_receipts_a_day() -> None:
    article = make_live()
    for number in range(5):
        ask(article, reply=f"Jawaban {number}", address=f"198.51.{number}.7")
    assert OutboxMail.objects.count() == replies.MAIL_LIMIT


def test_publishing_it_puts_a_notice_on_the_story() -> None:
    article = make_live()
    found = ask(article)

    notice = replies.publish(found, reply=replies.signed(found), **ed())

    live = live_publication(article, AT + 3 * HOUR)
    assert live is not None
    assert [row["id"] for row in live.notices] == [notice.pk]
    assert (notice.kind, notice.request, notice.place) == (Notice.Kind.REPLY, found, "Alinea ketiga")
    assert "Rea Sutan, Juru bicara" in notice.text
    assert live.substantive_at is not None
    assert OutboxMail.objects.filter(event=f"reply-accepted:{found.pk}").exists()


def test_an_accepted_one_waits_for_the_editor_until_a_publication_brings_it() -> None:
    article = make_live()
    found = ask(article)
    replies.accept(found, **ed())
    assert replies.to_publish(article) == found
    draft = Draft(kind=Notice.Kind.REPLY, text="Kami membantah.", request=found)
    publishing.schedule(article, revision=1, visible_from=AT + 9 * HOUR, notice=draft, **ed())
    assert replies.to_publish(article) is None
    publishing.cancel(article, **ed(AT + 3 * HOUR))
    assert replies.to_publish(article) == found
    assert notices.unsaid(article) is not None


def test_refusing_needs_ground_and_answer_and_tells_the_sender() -> None:
    found = ask(make_live())
    with pytest.raises(refusals.GroundMissing):
        replies.refuse(found, ground="", answer="Tidak", **ed())
    with pytest.raises(refusals.ReasonMissing):
        replies.refuse(found, ground="unrelated", answer=" ", **ed())
    replies.refuse(found, ground="unrelated", answer="Isinya di luar berita ini.", **ed())
    mail = OutboxMail.objects.get(event=f"reply-refused:{found.pk}")
    assert "Isinya di luar berita ini." in mail.body_text


def test_is_decided_once() -> None:
    found = ask(make_live())
    stale = ReplyRequest.objects.get(pk=found.pk)
    replies.accept(found, **ed())
    with pytest.raises(refusals.AlreadyDecided):
        replies.refuse(stale, ground="unrelated", answer="Tidak", **ed())
    assert OutboxMail.objects.count() == 2


def test_is_not_published_below_a_story_that_is_gone() -> None:
    article = make_live()
    found = ask(article)
    publishing.withdraw(article, **BURIAL, **ed())
    with pytest.raises(refusals.NothingPublic):
        replies.publish(found, reply="X", **ed(AT + 3 * HOUR))
    found.refresh_from_db()
    assert found.state == "waiting"


@pytest.mark.parametrize("state", ["waiting", "other story"])
def test_a_notice_takes_only_an_accepted_request_of_its_story(state: str) -> None:
    article, other = make_live(), make_live(title="Lain")
    found = ask(article)
    if state == "other story":
        replies.accept(found, **ed())
    draft = Draft(kind=Notice.Kind.REPLY, text="X", request=found)
    with pytest.raises(refusals.RequestNotAccepted):
        publishing.publish(article if state == "waiting" else other, revision=1, notice=draft, **ed())


def test_the_person_is_forgotten_after_a_year_decided_or_not() -> None:
    article = make_live()
    found, waits = ask(article), ask(article, reply="Lain")
    replies.publish(found, reply="Kami membantah.", **ed())
    assert replies.forget(at=AT + timedelta(days=40)) == 0
    found.refresh_from_db()
    assert (found.address_hash, found.idempotency_key, found.name) == ("", None, "Rea Sutan")

    assert replies.forget(at=AT + timedelta(days=366)) == 2

    found.refresh_from_db()
    waits.refresh_from_db()
    assert (found.email, found.text, found.passage, found.capacity) == ("", "", "", "")
    assert "Rea" not in found.name
    assert "Rea" not in waits.name
    # What was published stays.
    assert Notice.objects.get().text == "Kami membantah."
