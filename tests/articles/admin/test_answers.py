"""What was typed into an action's questions comes back whenever the action was not done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from articles.models import Article, Publication
from tests.articles.admin.desk import Page, change_url, client_of, opened, save
from tests.factories import make_approved, make_live, newest, person

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
