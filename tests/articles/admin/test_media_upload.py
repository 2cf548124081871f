"""Uploading: several files, an answer for each, nothing lost by the one that is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import Image
from tests.articles.admin.desk import client_of
from tests.articles.library import jpeg
from tests.factories import person

# Pages and forms: what they ask of the database is asked on both elsewhere.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ADD = reverse("admin:articles_image_add")


def photo(name: str = "kapal.jpg", colour: str = "teal") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(colour), "image/jpeg")


def drawing() -> SimpleUploadedFile:
    return SimpleUploadedFile("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")


def send(username: str, *files: Any, **data: Any) -> Any:
    return client_of(person(username)).post(ADD, {"files": files, **data})


def test_each_file_has_its_own_answer() -> None:
    response = send("ada", photo(), drawing())

    assert response.status_code == 200
    taken, refused = response.context["results"]
    assert (taken.card["title"], taken.is_new) == ("kapal", True)
    assert refused.card is None
    assert refused.why
    image = Image.objects.get()
    assert image.uploaded_by == person("ada")
    assert f"{reverse('admin:articles_image_change', args=[image.pk])}#id_alt_text" in response.content.decode()


def test_sent_twice_is_one_picture_and_says_so() -> None:
    send("ada", photo(), fragment="1")
    response = send("ada", photo(), fragment="1")

    assert Image.objects.count() == 1
    assert not response.context["result"].is_new
    assert b'data-state="accepted"' in response.content


def test_fragment_is_one_row_and_no_page() -> None:
    response = send("ada", drawing(), fragment="1")

    assert response.status_code == 200
    assert response.content.count(b"data-upload-row") == 1
    assert b'data-state="refused"' in response.content
    assert b"<html" not in response.content


def test_nothing_chosen_and_nothing_accepted_come_back_as_the_form() -> None:
    assert send("ada").status_code == 422
    assert send("ada", drawing()).status_code == 422


def test_name_of_a_hostile_file_is_text() -> None:
    response = send("ada", SimpleUploadedFile("<img src=x onerror=alert(1)>.jpg", b"no picture", "image/jpeg"))

    assert b"<img src=x" not in response.content
    assert Image.objects.count() == 0


@pytest.mark.parametrize("username", ["mo", "tom"])
def test_who_may_not_upload(username: str) -> None:
    assert send(username, photo()).status_code in (302, 403)
    assert Image.objects.count() == 0


def test_more_files_than_one_post_takes_are_named_one_by_one() -> None:
    response = send("ada", *(drawing() for _ in range(23)))

    assert response.status_code == 422
    reasons = [result.why for result in response.context["results"]]
    assert len(reasons) == 23
    assert len(set(reasons[:20])) == len(set(reasons[20:])) == 1
    assert reasons[0] != reasons[-1]
