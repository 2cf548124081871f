"""The buttons of the editor: each saves what is on the screen, then acts on the revision just saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone, translation

from articles import publishing, workflow
from articles.models import FAR_FUTURE, Article, DeskState, Publication
from articles.states import PublicState, public_state
from newsroom.core.models import User
from tests.articles.admin.desk import Page, change_url, client_of, opened, page_url, save
from tests.factories import AT, make_approved, make_article, make_live, newest, person

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def press(user: User, story: Article, action: str, **changes: str) -> str:
    """Press an action's button after typing `changes`; return what the desk said."""
    client = client_of(user)
    response = save(client, story, opened(client, story), _do=action, **changes)
    assert response.status_code == 302
    assert response.url == change_url(story)
    story.refresh_from_db()
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def offered(user: User, story: Article) -> set[str]:
    """Return the actions whose buttons the editor shows this user."""
    page = Page(client_of(user).get(change_url(story)).content.decode())
    return {value for name, value in page.buttons if name == "_do"}


def test_submit_saves_first() -> None:
    story = make_article()

    press(person("ada"), story, "submit", title="Judul baru")

    assert (story.desk_state, story.title) == (DeskState.IN_REVIEW, "Judul baru")
    assert newest(story) == 2


def test_approve_is_about_the_revision_just_saved() -> None:
    story = make_article()
    workflow.submit(story, by=person("ada"), at=AT)

    press(person("ed"), story, "approve", title="Judul yang disunting Ed")

    assert story.desk_state == DeskState.APPROVED
    assert story.approved_revision.number == newest(story) == 2


def test_publish_shows_readers_what_was_just_saved() -> None:
    story = make_approved()

    press(person("ed"), story, "publish", title="Judul terakhir")

    live = Publication.objects.live(timezone.now()).get(article=story)
    assert live.title == "Judul terakhir"


def test_update_carries_its_change_note() -> None:
    story = make_live()
    client = client_of(person("ed"))
    save(client, story, opened(client, story), title="Judul yang dibetulkan")

    press(person("ed"), story, "update", **{"act-update-change_note": "Angka dibetulkan."})

    live = Publication.objects.live(timezone.now()).get(article=story)
    assert (live.title, live.change_note) == ("Judul yang dibetulkan", "Angka dibetulkan.")


def test_schedule_is_read_in_the_zone_of_the_desk() -> None:
    story = make_approved()
    moment = timezone.localtime(timezone.now() + timedelta(days=2)).replace(second=0, microsecond=0)

    press(
        person("ed"),
        story,
        "schedule",
        **{
            "act-schedule-visible_from_0": moment.strftime("%Y-%m-%d"),
            "act-schedule-visible_from_1": moment.strftime("%H:%M"),
        },
    )

    assert Publication.objects.planned(timezone.now()).get(article=story).visible_from == moment
    assert public_state(story, timezone.now()) == PublicState.SCHEDULED


def test_cancel_takes_the_schedule_back() -> None:
    story = make_approved()
    publishing.schedule(
        story, revision=1, visible_from=timezone.now() + timedelta(days=1), by=person("ed"), at=timezone.now()
    )

    press(person("ed"), story, "cancel")

    assert public_state(story, timezone.now()) == PublicState.NEVER


def test_expire_ends_the_story() -> None:
    story = make_live()

    press(person("ed"), story, "expire")

    assert public_state(story, timezone.now()) == PublicState.EXPIRED


def test_hold_with_reason_and_lift() -> None:
    story = make_approved()

    press(person("ed"), story, "hold", **{"act-hold-reason": "Menunggu jawaban resmi."})
    assert story.hold_reason == "Menunggu jawaban resmi."
    assert offered(person("ed"), story) == {"lift_hold", "send_back"}

    press(person("ed"), story, "lift_hold")
    assert story.held_at is None


def test_send_back_with_note() -> None:
    story = make_article()
    workflow.submit(story, by=person("ada"), at=AT)

    press(person("ed"), story, "send_back", **{"act-send_back-note": "Sumber kedua belum ada."})

    assert (story.desk_state, story.desk_note) == (DeskState.CHANGES_REQUESTED, "Sumber kedua belum ada.")


@pytest.mark.parametrize(
    ("action", "field"),
    [("hold", "act-hold-reason"), ("send_back", "act-send_back-note"), ("schedule", "act-schedule-visible_from_0")],
)
@pytest.mark.parametrize("value", ["", "\u200b", "x" * 2000])
def test_unanswered_question_saves_nothing_and_keeps_everything(action: str, field: str, value: str) -> None:
    story = make_approved()
    client = client_of(person("ed"))

    response = save(client, story, opened(client, story), _do=action, title="Judul yang diketik", **{field: value})

    assert response.status_code == 200
    page = Page(response.content.decode())
    assert page.data["title"] == "Judul yang diketik"
    assert page.data[field].replace("\u200b", "") == value.replace("\u200b", "")
    story.refresh_from_db()
    assert (story.title, story.held_at, story.desk_state) == ("Selat Hormuz dibuka lagi", None, DeskState.APPROVED)


def test_refused_action_keeps_the_save_and_says_why() -> None:
    story = make_approved(sources=())

    with translation.override("en"):
        said = press(person("ed"), story, "publish", standfirst="")

    assert story.standfirst == ""
    assert newest(story) == 2
    assert public_state(story, timezone.now()) == PublicState.NEVER
    assert said


@pytest.mark.parametrize("action", ["approve", "publish", "schedule", "hold", "send_back", "cancel", "lift_hold"])
def test_forged_press_of_a_reporter_saves_and_does_no_more(action: str) -> None:
    story = make_article(desk_state=DeskState.IN_REVIEW)
    extra = {"act-hold-reason": "x", "act-send_back-note": "x", "act-schedule-visible_from_0": "2030-01-01"}

    client = client_of(person("ada"))
    save(client, story, opened(client, story), _do=action, **extra, **{"act-schedule-visible_from_1": "05:00"})

    story.refresh_from_db()
    assert public_state(story, timezone.now()) == "never"
    assert (story.held_at, story.desk_state) == (None, DeskState.IN_REVIEW)


@pytest.mark.parametrize("make", [make_approved, make_live])
def test_a_reporter_cannot_save_what_is_with_the_editors_and_loses_nothing(make: Callable[[], Article]) -> None:
    story = make()
    client = client_of(person("ada"))
    fields = opened(client_of(person("ed")), story)

    response = save(client, story, fields, title="Judul yang terlambat")

    assert response.status_code == 409
    assert "Judul yang terlambat" in response.content.decode()
    story.refresh_from_db()
    assert (story.title, newest(story)) == ("Selat Hormuz dibuka lagi", 1)


def test_unknown_action_is_a_plain_save() -> None:
    story = make_article()

    press(person("ada"), story, "kill", title="Judul baru")

    assert story.title == "Judul baru"
    assert story.desk_state == DeskState.DRAFT


@pytest.mark.parametrize(
    ("username", "make", "expected"),
    [
        ("ada", make_article, {"submit"}),
        ("ed", make_article, {"submit", "hold"}),
        ("ed", make_approved, {"publish", "schedule", "send_back", "hold"}),
        ("ed", make_live, {"correct", "send_back", "hold", "expire"}),
        ("ada", make_approved, set()),
        ("ada", make_live, set()),
    ],
)
def test_only_what_the_user_may_and_the_state_allows_is_offered(
    username: str, make: object, expected: set[str]
) -> None:
    story = make()  # type: ignore[operator]
    assert offered(person(username), story) == expected


def test_live_story_with_changes_offers_the_update() -> None:
    story = make_live()
    client = client_of(person("ed"))
    save(client, story, opened(client, story), title="Judul yang dibetulkan")

    assert "update" in offered(person("ed"), story)


def test_plan_offers_its_cancelling() -> None:
    story = make_approved()
    at = timezone.now()
    publishing.schedule(story, revision=1, visible_from=at + timedelta(days=1), by=person("ed"), at=at)

    assert "cancel" in offered(person("ed"), story)


def test_embargo_leaves_the_schedule_and_no_publishing() -> None:
    story = make_approved(embargo_until=timezone.now() + timedelta(days=1))

    assert "publish" not in offered(person("ed"), story)
    assert "schedule" in offered(person("ed"), story)


@pytest.mark.parametrize("name", ["withdraw", "kill"])
def test_withdrawing_and_killing_ask_ground_and_reason(name: str) -> None:
    story = make_live()
    client = client_of(person("cas"))
    url = page_url(story, name)

    assert client.get(url).status_code == 200
    bad = client.post(url, {"ground": "", "public_reason": "Alasan yang diketik"})
    assert bad.status_code == 422
    assert "Alasan yang diketik" in bad.content.decode()
    assert public_state(story, timezone.now()) == PublicState.LIVE

    good = client.post(url, {"ground": "court", "public_reason": "Perintah pengadilan."})
    assert good.status_code == 302
    assert public_state(story, timezone.now()) == PublicState.WITHDRAWN
    tombstone = Publication.objects.at(timezone.now()).get(article=story)
    assert (tombstone.ground, tombstone.public_reason) == ("court", "Perintah pengadilan.")
    assert bool(tombstone.suppressed_at) == (name == "kill")


@pytest.mark.parametrize("name", ["withdraw", "kill"])
def test_second_withdrawal_or_kill_is_refused_in_words(name: str) -> None:
    story = make_live()
    client = client_of(person("cas"))
    answers = {"ground": "court", "public_reason": "Perintah pengadilan."}
    client.post(page_url(story, name), answers)

    again = client.post(page_url(story, name), answers)

    assert again.status_code == 409
    assert "Perintah pengadilan." in again.content.decode()


@pytest.mark.parametrize("state", [DeskState.DRAFT, DeskState.IN_REVIEW, DeskState.APPROVED])
@pytest.mark.parametrize("is_held", [False, True])
def test_killed_story_offers_nothing_more(state: str, is_held: bool) -> None:
    story = make_live()
    publishing.kill(story, ground="court", public_reason="x", by=person("cas"), at=timezone.now())
    held_at = timezone.now() if is_held else None
    Article.objects.filter(pk=story.pk).update(desk_state=state, held_at=held_at, hold_reason="x" if is_held else "")

    assert offered(person("cas"), story) == set()
    page = client_of(person("cas")).get(change_url(story)).content.decode()
    assert page_url(story, "kill") not in page


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("field", ["act-schedule-visible_from", "embargo_until"])
def test_day_beyond_all_calendars_comes_back_with_what_was_typed(field: str, day: str) -> None:
    story = make_approved(by=person("ed"))
    client = client_of(person("ed"))
    action = {"_do": "schedule"} if field.startswith("act") else {}

    typed = {f"{field}_0": day, f"{field}_1": "00:00", "title": "Judul yang tetap"}
    response = save(client, story, opened(client, story), **action, **typed)

    assert response.status_code == 200
    page = Page(response.content.decode())
    assert (page.data[f"{field}_0"], page.data["title"]) == (day, "Judul yang tetap")
    assert "2999" in response.content.decode()


def test_a_correction_is_published_with_the_text_it_was_saved_with() -> None:
    story = make_live()
    answers = {"act-correct-kind": "correction", "act-correct-text": "Angkanya 91.", "act-correct-is_grave": "on"}

    press(person("ed"), story, "correct", title="Judul yang benar", **answers)

    live = story.publications.get(visible_until=FAR_FUTURE)
    assert (live.title, live.notices[0]["text"], live.notices[0]["is_grave"]) == (
        "Judul yang benar",
        "Angkanya 91.",
        True,
    )
