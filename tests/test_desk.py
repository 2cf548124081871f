"""The desk's frame: who gets in, which rooms stand in the header, "My desk", the switch of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import publishing, visits, workflow
from articles.models import Article
from comments.models import Comment, Status
from newsroom.core import surfaces
from newsroom.core.models import User
from newsroom.desk.board import Board, board_for
from newsroom.desk.rooms import Room, rooms_for
from tests.comments.factories import build_thread, make_comment
from tests.factories import AT, make_approved, make_article, make_live, newest, person, save_article

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=2)
FIGURE = re.compile(r'data-figure="(\w+)"><a href="([^"]+)">\s*<span class="figure">(\d+)</span>')


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Two days after what the tests make without saying when."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def enter(name: str, **fields: object) -> Client:
    """Return a client logged in as that person, speaking English."""
    user = person(name, **fields)
    User.objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def boss() -> Client:
    """Return a superuser's client."""
    return enter("boss", is_staff=True, is_superuser=True)


def board(client: Client) -> Board:
    """Return what "My desk" is made of."""
    return board_for(client.get(reverse("admin:index")).wsgi_request, at=NOW)


def figures(client: Client) -> dict[str, tuple[int, str]]:
    """Return the figures as the page shows them: name -> number and address."""
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 200
    found = FIGURE.findall(answer.content.decode())
    return {name: (int(number), unescape(url)) for name, url, number in found}


def numbers(client: Client) -> dict[str, int]:
    """Return the figures' numbers by name."""
    return {name: number for name, (number, _url) in figures(client).items()}


@pytest.fixture
def busy() -> Article:
    """A newsroom with something of everything; returns the live story."""
    live = make_live(title="Yang tayang")
    make_article(title="Draf Ada")
    in_review = make_article(title="Menunggu editor")
    workflow.submit(in_review, by=person("ada"), at=NOW - timedelta(hours=6))
    back = make_article(title="Perlu perbaikan")
    workflow.submit(back, by=person("ada"), at=AT)
    workflow.send_back(back, note="Cek angka.", by=person("ed"), at=AT)
    held = make_article(title="Ditahan")
    workflow.hold(held, reason="Tunggu konfirmasi", by=person("ed"), at=AT)
    soon = make_approved(title="Besok pagi")
    publishing.schedule(soon, revision=newest(soon), visible_from=NOW + timedelta(hours=7), by=person("ed"), at=NOW)
    late = make_approved(title="Pekan depan")
    publishing.schedule(late, revision=newest(late), visible_from=NOW + timedelta(days=6), by=person("ed"), at=NOW)
    for hours in (1, 20, 45):
        make_comment(live, status=Status.PENDING, at=NOW - timedelta(hours=hours))
    return live


def test_each_role_sees_the_figures_it_has_a_use_for(busy: Article) -> None:
    stories = {"mine": 7, "scheduled": 2, "held": 1}
    assert numbers(enter("ada")) == stories
    assert numbers(enter("ed")) == {"mine": 0, "in_review": 1, "scheduled": 2, "held": 1, "comments": 3, "replies": 0}
    assert numbers(enter("mo")) == {"comments": 3}
    everything = numbers(boss())
    # The masthead and the guideline, which nobody has written yet.
    assert everything.pop("pages") == 2
    assert everything.pop("tasks") >= 0
    assert everything == {"mine": 0, "in_review": 1, "scheduled": 2, "held": 1, "comments": 3, "replies": 0}


@pytest.mark.parametrize("name", ["ada", "ed", "cas", "mo"])
def test_every_figure_links_to_exactly_the_rows_it_counts(busy: Article, name: str) -> None:
    client = enter(name)
    for figure, (number, url) in figures(client).items():
        answer = client.get(url)
        assert answer.status_code == 200, url
        rows = answer.context["cl"].result_count if "cl" in answer.context else answer.context["rail"].total
        assert rows == number, figure


def test_next_hours_tell_what_will_happen_in_order(busy: Article) -> None:
    ahead = [(one.kind, one.title, one.at - NOW) for one in board(enter("ed")).ahead]
    assert [entry[0] for entry in ahead] == ["deadline", "publish"]
    assert ahead[1][1:] == ("Besok pagi", timedelta(hours=7))
    assert ahead[0][2] == timedelta(hours=3)


def test_an_update_to_come_is_no_end(busy: Article) -> None:
    save_article(busy, kicker="Baru", at=NOW)
    workflow.approve(busy, revision=newest(busy), by=person("ed"), at=NOW)
    publishing.schedule(busy, revision=newest(busy), visible_from=NOW + timedelta(hours=2), by=person("ed"), at=NOW)
    kinds = [one.kind for one in board(enter("ed")).ahead if one.title == busy.title]
    assert kinds == ["update"]


def test_an_end_to_come_is_told(busy: Article) -> None:
    publishing.expire(busy, visible_until=NOW + timedelta(hours=5), by=person("ed"), at=NOW)
    kinds = [one.kind for one in board(enter("ed")).ahead if one.title == busy.title]
    assert kinds == ["end"]


def test_reporter_reads_why_a_story_came_back(busy: Article) -> None:
    page = enter("ada").get(reverse("admin:index")).content.decode()
    assert "Cek angka." in page
    assert "1 to revise" in page


def test_comments_are_grouped_by_what_is_left(busy: Article) -> None:
    groups = board(enter("mo")).comments or []
    assert [(group.number, group.clock.level) for group in groups] == [(1, "urgent"), (2, "calm")]


def test_rooms_are_those_the_user_may_enter(busy: Article) -> None:
    def rooms(client: Client, address: str) -> list[Room]:
        answer = client.get(address)
        assert answer.status_code == 200
        shown = rooms_for(answer.wsgi_request)
        page = answer.content.decode()
        assert all(f'<a href="{room.url}"' in page for room in shown)
        return shown

    in_adas = [("desk", 0), ("story", 0), ("image", 0)]
    assert [(room.icon, room.count) for room in rooms(enter("ada"), "/admin/")] == in_adas
    in_mos = [("desk", 0), ("story", 0), ("comment", 3)]
    assert [(room.icon, room.count) for room in rooms(enter("mo"), "/admin/")] == in_mos
    for client in (enter("ada"), enter("mo")):
        for room in rooms(client, "/admin/"):
            assert [one.url for one in rooms(client, room.url) if one.is_current] == [room.url]


def test_queries_do_not_grow_with_the_newsroom(busy: Article) -> None:
    client = enter("cas")
    few = queries(client)
    for number in range(8):
        make_article(title=f"Draf {number}", by=person("cas"))
    build_thread(busy, roots=300, replies=0)
    Comment.objects.filter(status=Status.APPROVED).update(
        status=Status.PENDING, visible=False, hides_replies=True, created_at=NOW - timedelta(hours=2)
    )
    assert queries(client) == few
    assert few <= 22


def queries(client: Client) -> int:
    """Return how many queries "My desk" takes."""
    client.get(reverse("admin:index"))
    with CaptureQueriesContext(connection) as caught:
        assert client.get(reverse("admin:index")).status_code == 200
    return len(caught)


@pytest.mark.parametrize(("name", "apps"), [("ada", {"articles"}), ("mo", {"articles", "comments"})])
def test_all_data_lists_what_may_be_seen(name: str, apps: set[str]) -> None:
    answer = enter(name).get(reverse("admin:all_data"))
    assert answer.status_code == 200
    assert {app["app_label"] for app in answer.context["app_list"]} == apps


def test_strangers_are_sent_to_the_log_in() -> None:
    answer = Client().get("/admin/all/")
    assert answer.status_code == 302
    answer = Client().get(answer["Location"])
    assert unquote(answer["Location"]) == f"{reverse('account_login')}?next=/admin/all/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_log_in_never_leads_off_the_host(target: str) -> None:
    answer = enter("ada").get("/admin/login/", {"next": target})
    assert answer["Location"] == reverse("admin:index")


def test_whoever_is_not_of_the_desk_is_refused() -> None:
    answer = enter("rea").get("/admin/login/", {"next": "/admin/"})
    assert answer.status_code == 403
    assert 'class="rooms"' not in answer.content.decode()


def test_refusals_wear_the_desks_dress() -> None:
    client = enter("ada")
    for address, status in (("/admin/nothing/at/all/", 404), ("/admin/comments/comment/queue/", 403)):
        answer = client.get(address)
        assert answer.status_code == status
        assert b'class="desk-header"' in answer.content


def test_log_out_is_a_post() -> None:
    client = enter("ada")
    assert client.get("/admin/logout/").status_code == 405
    answer = client.post("/admin/logout/")
    assert answer["Location"] == reverse("account_login")
    assert client.get("/admin/").status_code == 302


def test_language_is_kept_and_leads_back() -> None:
    client = enter("ada")
    answer = client.post("/admin/language/", {"language": "id", "next": "/admin/all/"})
    assert answer["Location"] == "/admin/all/"
    assert person("ada").language == "id"
    client.post("/admin/language/", {"language": "xx", "next": "https://evil.example/"})
    assert person("ada").language == "id"
    assert client.get("/admin/language/").status_code == 405


@pytest.mark.parametrize("address", ["/admin/", "/admin/all/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_reading_pages_take_no_writes(address: str, method: str) -> None:
    assert getattr(enter("ada"), method)(address).status_code == 405


@pytest.mark.parametrize(("name", "sees"), [("ada", True), ("ed", True), ("mo", False)])
def test_who_works_on_stories_sees_what_is_read_most(busy: Article, name: str, sees: bool) -> None:
    assert "most_read" not in enter(name).get("/admin/").content.decode()
    visits.write_down({surfaces.article(busy.pk): 12_345}, at=NOW)
    page = enter(name).get("/admin/").content.decode()
    assert ("12,345" in page, "Most read in 24 hours" in page) == (sees, sees)


def test_the_editor_says_how_often_a_story_was_read(busy: Article) -> None:
    visits.write_down({surfaces.article(busy.pk): 12_345}, at=NOW)
    visits.write_down({surfaces.article(busy.pk): 1_000}, at=AT)
    page = enter("ed").get(reverse("admin:articles_article_change", args=[busy.pk])).content.decode()
    assert "Read 12,345 × in 24 hours, 13,345 × in all" in page
