"""Standing pages at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Page
from tests.articles.test_pages import make_page
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cas(client: Client) -> Client:
    """The browser of the chief editor."""
    client.force_login(person("cas"))
    return client


def url(page: Page) -> str:
    return reverse("admin:articles_page_change", args=[page.pk])


def filled(page: Page, **fields: Any) -> dict[str, Any]:
    """Return the form as the browser posts it."""
    data = {"title": page.title, "body": page.body, "title_en": "", "body_en": "", "slug": page.slug, "position": "1"}
    return data | {"is_in_footer": "on", "is_public": "on", "seen": str(page.version)} | fields


def test_save_publishes_and_takes_off(cas: Client) -> None:
    page = make_page(is_shown=False)
    assert cas.post(url(page), filled(page, title="Baru")).status_code == 302
    page.refresh_from_db()
    assert (page.title, page.version, page.published_at is None) == ("Baru", 2, False)
    assert cas.post(url(page), filled(page, is_public="", body="")).status_code == 302
    page.refresh_from_db()
    assert (page.body, page.published_at) == ("", None)


def test_new_page(cas: Client) -> None:
    data = filled(Page(slug="iklan", title="Iklan", body="<p>Tarif.</p>"), seen="")
    assert cas.post(reverse("admin:articles_page_add"), data).status_code == 302
    assert Page.objects.public().get(slug="iklan").revisions.count() == 1


def test_a_conflict_keeps_what_was_typed_and_saves_at_the_second_press(cas: Client) -> None:
    page = make_page()
    stale = filled(page, body="<p>Milik saya.</p>")
    cas.post(url(page), filled(page, title="Milik mereka"))
    answer = cas.post(url(page), stale)
    assert answer.status_code == 200
    assert "Milik saya." in answer.content.decode()
    assert 'name="seen" value="2"' in answer.content.decode()
    page.refresh_from_db()
    assert (page.title, page.version) == ("Milik mereka", 2)
    assert cas.post(url(page), stale | {"seen": "2"}).status_code == 302
    assert page.revisions.count() == 3


def test_public_page_needs_a_text(cas: Client) -> None:
    page = make_page()
    answer = cas.post(url(page), filled(page, body="<p></p>"))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.has_error("body")


def test_versions_are_listed_and_open_in_the_editor(cas: Client) -> None:
    page = make_page(body="<p>Yang pertama.</p>")
    cas.post(url(page), filled(page, body="<p>Yang kedua.</p>"))
    listed = cas.get(reverse("admin:articles_page_history", args=[page.pk])).content.decode()
    assert "Yang pertama." in listed
    assert f"{url(page)}?version=1" in listed
    form = cas.get(url(page), {"version": "1"}).context["adminform"].form
    assert form.initial["body"] == "<p>Yang pertama.</p>"
    assert form.initial["seen"] == 2
    assert cas.get(url(page), {"version": "9"}).status_code == 404


def test_the_board_names_missing_pages_to_who_may_write_them(cas: Client) -> None:
    assert 'href="/admin/articles/page/?slug__in=pedoman-media-siber,redaksi"' in cas.get("/admin/").content.decode()
