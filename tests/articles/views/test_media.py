"""Renditions: public with their story and no sooner, gone with it, the same file for ever."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import images, publishing
from articles.models import Image, Publication
from articles.views import media
from tests.articles.acts import BURIAL, HOUR
from tests.articles.pictures import figure, make_image, name_of
from tests.factories import (
    AT,
    BODY,
    make_approved,
    make_article,
    make_contributor,
    make_live,
    make_topic,
    newest,
    person,
    save_article,
)

pytestmark = pytest.mark.django_db


def status(image: Image, at: datetime) -> int:
    """Return what the picture's address would answer at `at`."""
    name = name_of(image)
    if media.is_public(name, at=at):
        return 200
    return 410 if media.was_public(name, at=at) else 404


def test_a_picture_no_story_uses_is_unknown() -> None:
    assert status(make_image(), AT) == 404


def test_a_draft_and_an_approved_story_make_nothing_public() -> None:
    image = make_image()
    make_article(lead_image=image)
    make_approved(title="Dua", lead_image=image)
    assert status(image, AT) == 404


@pytest.mark.parametrize("where", ["lead", "text"])
def test_a_scheduled_story_makes_its_picture_public_at_its_moment_without_anybody_acting(where: str) -> None:
    image = make_image()
    content: dict[str, Any] = {"lead_image": image} if where == "lead" else {"body": BODY + figure(image)}
    article = make_approved(**content)
    publishing.schedule(article, revision=1, visible_from=AT + HOUR, by=person("ed"), at=AT)
    assert [status(image, AT + share * HOUR) for share in (0.999, 1, 2)] == [404, 200, 200]


def test_a_plan_that_was_cancelled_makes_nothing_public() -> None:
    image = make_image()
    article = make_approved(lead_image=image)
    publishing.schedule(article, revision=1, visible_from=AT + HOUR, by=person("ed"), at=AT)
    publishing.cancel(article, by=person("ed"), at=AT)
    assert status(image, AT + 2 * HOUR) == 404


def test_a_picture_of_the_past_stays_until_the_story_is_withdrawn_or_killed() -> None:
    image = make_image()
    article = make_live(lead_image=image)
    save_article(article, lead_image=None, by=person("ed"))
    publishing.publish(article, revision=newest(article), by=person("ed"), at=AT + HOUR)
    assert status(image, AT + 2 * HOUR) == 200
    publishing.withdraw(article, by=person("ed"), at=AT + 3 * HOUR, **BURIAL)
    assert status(image, AT + 4 * HOUR) == 410


def test_a_kill_takes_the_picture_with_it_unless_another_story_shows_it() -> None:
    image, shared = make_image(), make_image(title="Bersama")
    article = make_live(lead_image=image, body=BODY + figure(shared))
    make_live(title="Lain", lead_image=shared)
    publishing.kill(article, by=person("cas"), at=AT + HOUR, **BURIAL)
    assert (status(image, AT + HOUR), status(shared, AT + HOUR)) == (410, 200)


def test_a_picture_taken_down_is_gone_everywhere() -> None:
    image = make_image()
    make_live(lead_image=image)
    make_topic("Selat", image=image)
    images.take_down(image, ground="Putusan", by=person("ed"), at=AT + HOUR)
    assert status(image, AT + HOUR) == 410


def test_a_picture_is_public_until_its_licence_ends() -> None:
    image = make_image(licence_until=date(2026, 8, 13))
    make_live(lead_image=image)
    # Midnight in Jakarta.
    end = AT.replace(day=13, hour=17, minute=0)
    assert [status(image, end - HOUR / 60), status(image, end)] == [200, 410]


def test_topics_and_people_show_theirs() -> None:
    topic, portrait = make_image(), make_image(title="Wajah")
    make_topic("Selat", image=topic)
    make_contributor("Ada Wibowo", portrait=portrait)
    assert (status(topic, AT), status(portrait, AT)) == (200, 200)


# What is sent


@pytest.fixture
def name() -> str:
    """Return a public file's name."""
    image = make_image()
    make_live(lead_image=image)
    return name_of(image)


def test_the_file_comes_as_what_it_is_and_stays(client: Client, name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/media/{name}")
    assert len(queries) == 1
    with storages["renditions"].open(name) as file:
        assert response.content == file.read()
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_whose_copy_is_fresh_gets_none(client: Client, name: str) -> None:
    tag = client.get(f"/media/{name}").headers["ETag"]
    for asked in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        response = client.get(f"/media/{name}", headers={"if-none-match": asked})
        assert (response.status_code, response.content) == (304, b"")
    assert client.get(f"/media/{name}", headers={"if-none-match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-4", 206, slice(-4, None)),
        ("bytes=2-99999", 206, slice(2, None)),
        ("bytes=-99999", 206, slice(0, None)),
        ("bytes=99999-", 416, slice(0, 0)),
        ("bytes=5-2", 416, slice(0, 0)),
        ("bytes=0-1,3-4", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("pages=1-2", 200, slice(None)),
    ],
)
def test_a_part_is_sent_where_one_is_asked_for(client: Client, name: str, asked: str, status: int, part: slice) -> None:
    whole = client.get(f"/media/{name}").content
    response = client.get(f"/media/{name}", headers={"range": asked})
    assert (response.status_code, response.content) == (status, whole[part])
    if status == 206:
        assert response.headers["Content-Range"].endswith(f"/{len(whole)}")
    assert client.get(f"/media/{name}", headers={"range": asked, "if-range": '"x"'}).content == whole


def test_head_tells_size_and_sends_nothing(client: Client, name: str) -> None:
    response = client.head(f"/media/{name}")
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["Content-Length"]) == len(client.get(f"/media/{name}").content)


@pytest.mark.parametrize(
    "path", ["x.jpg", "..%2Fkeys%2Fsecret_key", "%2e%2e", "0" * 24 + ".svg", "0" * 24 + ".jpg", "0" * 24 + ".jpg%0a"]
)
def test_no_other_name_opens_a_file(client: Client, path: str) -> None:
    assert client.get(f"/media/{path}").status_code == 404


def test_an_original_is_at_no_address(client: Client) -> None:
    image = make_image()
    make_live(lead_image=image)
    for path in (image.original.name, image.original.name.rpartition("/")[2]):
        assert client.get(f"/media/{path}").status_code == 404


def test_nginx_is_told_where_the_file_lies(client: Client, name: str, settings: Any) -> None:
    settings.MEDIA_ACCEL = "/renditions/"
    response = client.get(f"/media/{name}")
    assert (response.content, response.headers["X-Accel-Redirect"]) == (b"", f"/renditions/{name}")


def test_a_file_that_is_lost_is_unknown(client: Client, name: str) -> None:
    storages["renditions"].delete(name)
    assert client.get(f"/media/{name}").status_code == 404


# The desk


@pytest.mark.parametrize(("username", "expected"), [("ada", 200), ("ed", 200), ("mo", 403), ("tom", 403)])
def test_the_desk_sees_what_is_not_public(client: Client, username: str, expected: int) -> None:
    client.force_login(person(username))
    response = client.get(f"/admin/pictures/files/{name_of(make_image())}")
    assert response.status_code == expected
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_preview_shows_pictures_before_readers_may(client: Client) -> None:
    image = make_image()
    article = make_approved(lead_image=image, body=BODY + figure(image))
    client.force_login(person("ed"))
    page = client.get(f"/admin/articles/article/{article.pk}/preview/").content.decode()
    assert f"/admin/pictures/files/{name_of(image)}" in page
    assert "/media/" not in page


def test_a_moderators_preview_shows_the_pictures_that_readers_see(client: Client) -> None:
    image = make_image()
    article = make_live(lead_image=image, body=BODY + figure(image))
    client.force_login(person("mo"))
    page = client.get(f"/admin/articles/article/{article.pk}/preview/").content.decode()
    assert f"/media/{name_of(image)}" in page
    assert "/admin/pictures/files/" not in page


def test_a_killed_story_leaves_no_row_that_would_show_its_picture() -> None:
    image = make_image()
    article = make_live(lead_image=image)
    publishing.kill(article, by=person("cas"), at=AT + HOUR, **BURIAL)
    assert not Publication.objects.seen(AT + 9 * HOUR).filter(article=article).exists()


def test_a_picture_that_was_withdrawn_stays_so_when_the_story_returns_without_it(client: Client) -> None:
    image = make_image()
    article = make_live(lead_image=image)
    publishing.withdraw(article, by=person("ed"), at=AT + HOUR, **BURIAL)
    number = save_article(article, lead_image=None, by=person("ed"), at=AT + 2 * HOUR)
    publishing.publish(article, revision=number, by=person("ed"), at=AT + 2 * HOUR)
    with time_machine.travel(AT + 3 * HOUR, tick=False):
        assert client.get(f"/media/{name_of(image)}").status_code != 200
