"""What was typed into an action's questions comes back whenever the action was not done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from articles import publishing, replies, workflow
from articles.models import Article, Notice, Publication
from articles.notices import Draft
from newsroom.core.http import Origin
from tests.articles.acts import HOUR
from tests.articles.admin.desk import Page, change_url, client_of, opened, save
from tests.factories import AT, live_publication, make_approved, make_live, newest, person, save_article

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SOON = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d")
ANSWERS = {
    "update": {"change_note": "Angka kapal kini lengkap."},
    "correct": {"kind": "correction", "text": "Angkanya 91.", "place": "Paragraf 3", "is_grave": "on"},
    "schedule": {"visible_from_0": SOON, "visible_from_1": "05:00", "change_note": "Lengkap."},
    "hold": {"reason": "Menunggu jawaban\nresmi."},
}


@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("schedule", {"act-schedule-change_note": "Angka kapal kini lengkap."}),
        ("correct", {"act-correct-kind": "correction", "act-correct-text": "Sebelumnya tertulis 40 menit."}),
    ],
)
def test_a_moment_that_has_passed_is_refused_and_nothing_typed_is_lost(action: str, typed: dict[str, str]) -> None:
    story = make_approved() if action == "schedule" else make_live()
    planned = Publication.objects.filter(article=story).count()
    client = client_of(person("ed"))
    moment = {f"act-{action}-visible_from_0": "2020-01-01", f"act-{action}-visible_from_1": "05:00"}

    with translation.override("en"):
        response = save(client, story, opened(client, story), _do=action, **moment, **typed)

    assert response.status_code == 200
    page = Page(response.content.decode())
    assert {name: page.data[name] for name in typed} == typed
    assert f'id="id_act-{action}-visible_from_error"' in response.content.decode()
    assert Publication.objects.filter(article=story).count() == planned


def hold(story: Article) -> None:
    Article.objects.filter(pk=story.pk).update(held_at=story.updated_at, hold_reason="Hukum")


@pytest.mark.parametrize("action", list(ANSWERS))
def test_a_refused_action_asks_again_with_the_answers(action: str) -> None:
    story = make_live()
    client = client_of(person("ed"))
    fields = opened(client, story)
    typed = {f"act-{action}-{name}": value for name, value in ANSWERS[action].items()}
    hold(story)

    response = save(client, story, fields, _do=action, title="Judul yang disunting", **typed)

    page = Page(response.content.decode())
    assert response.status_code == 200
    assert {name: page.data.get(name, "").replace("\r", "") for name in typed} == typed
    assert ("_do", action) in page.buttons
    assert [str(message) for message in response.context["messages"]]
    story.refresh_from_db()
    assert (story.title, newest(story)) == ("Judul yang disunting", 2)
    # What came back is the form of the saved story: it saves once more, at the story's own address.
    assert f'action="{change_url(story)}"' in response.content.decode()
    assert save(client, story, page.data, title="Judul berikutnya").status_code == 302
    assert newest(story) == 3


def test_an_action_that_asks_nothing_goes_back_to_the_editor_when_refused() -> None:
    story = make_approved()
    client = client_of(person("ed"))
    fields = opened(client, story)
    hold(story)

    assert save(client, story, fields, _do="publish").status_code == 302


def test_a_save_that_somebody_overtook_carries_the_answers_through_the_conflict() -> None:
    story = make_live()
    client = client_of(person("ed"))
    fields = opened(client, story)
    save(client_of(person("cas")), story, fields, title="Judul Cas")

    overtaken = save(client, story, fields, _do="hold", title="Judul Ed", **{"act-hold-reason": "Menunggu jawaban."})
    assert overtaken.status_code == 409
    kept = Page(overtaken.content.decode(), form_id="").data
    merged = client.post(change_url(story), kept)

    assert Page(merged.content.decode()).data["act-hold-reason"] == "Menunggu jawaban."
    story.refresh_from_db()
    assert (story.title, story.held_at) == ("Judul Ed", None)


def test_a_second_click_loses_no_answer() -> None:
    story = make_live()
    client = client_of(person("ed"))
    fields = opened(client, story)
    save(client, story, fields, title="Judul")

    response = save(client, story, fields, _do="hold", title="Judul", **{"act-hold-reason": "Menunggu jawaban."})

    assert Page(response.content.decode()).data["act-hold-reason"] == "Menunggu jawaban."


@pytest.mark.parametrize("action", list(ANSWERS))
def test_a_plain_save_brings_back_what_was_typed_beside_it_once(action: str) -> None:
    story = make_live()
    save_article(story, title="Judul yang menyusul")
    client = client_of(person("ed"))
    typed = {f"act-{action}-{name}": value for name, value in ANSWERS[action].items()}

    saved = save(client, story, opened(client, story), standfirst="Ringkasan baru", **typed)

    assert saved.status_code == 302
    html = client.get(change_url(story)).content.decode()
    page = Page(html)
    assert {name: page.data[name] for name in typed} == typed
    assert "errorlist" not in html
    assert html.count('<details class="action') > html.count(" open>") > 0
    again = Page(client.get(change_url(story)).content.decode()).data
    assert not {name: again[name] for name, value in typed.items() if again.get(name) == value and len(value) > 12}


def test_an_action_that_was_done_takes_its_own_answers_and_leaves_the_others() -> None:
    story = make_live()
    client = client_of(person("ed"))
    typed = {"act-hold-reason": "Menunggu.", "act-correct-text": "Angkanya 91."}
    save(client, story, opened(client, story), _do="hold", **typed)
    page = Page(client.get(change_url(story)).content.decode())
    assert page.data["act-correct-text"] == "Angkanya 91."
    assert page.data.get("act-hold-reason", "") == ""


def test_a_save_with_an_error_keeps_what_was_typed_beside_it() -> None:
    story = make_live()
    client = client_of(person("ed"))
    response = save(client, story, opened(client, story), title="", **{"act-correct-text": "Angkanya 91."})
    assert response.status_code == 200
    assert Page(response.content.decode()).data["act-correct-text"] == "Angkanya 91."


def test_a_save_that_answers_nothing_opens_nothing() -> None:
    """Also where a form begins with words, as for a correction that never came."""
    story = make_live()
    draft = Draft(kind=Notice.Kind.CORRECTION, text="Angkanya 91.")
    publishing.schedule(story, revision=1, visible_from=AT + 9 * HOUR, notice=draft, by=person("ed"), at=AT)
    publishing.cancel(story, by=person("ed"), at=AT + HOUR)
    client = client_of(person("ed"))
    fields = opened(client, story)
    assert fields["act-correct-text"] == "Angkanya 91."
    save(client, story, fields, standfirst="Ringkasan baru")
    assert " open>" not in client.get(change_url(story)).content.decode()


@pytest.mark.parametrize("pressed", [{"_do": "correct"}, {}])
def test_who_may_not_publish_is_not_asked_what_only_editors_may_know(pressed: dict[str, str]) -> None:
    """The questions of a correction name who asked for a right of reply."""
    story = make_live()
    ed = {"by": person("ed"), "at": AT + HOUR}
    who = {"name": "Rea Sutan", "email": "rea@example.com", "capacity": "Juru bicara", "passage": "Alinea 1"}
    given = {"reply": "Tidak benar.", "address": "203.0.113.9", "origin": Origin.OURS, "at": AT + HOUR}
    replies.accept(replies.receive(live_publication(story, AT), **who, **given).request, **ed)
    workflow.send_back(story, note="Lengkapi dulu.", **ed)
    client = client_of(person("ada"))
    typed = {"act-correct-text": "Angkanya 91.", "act-correct-kind": "reply", **pressed}
    for response in (save(client, story, opened(client, story), **typed), client.get(change_url(story))):
        assert "Rea Sutan" not in response.content.decode()
