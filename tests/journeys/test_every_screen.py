"""Every kind of page, as the people who use it see it: accessible in both schemes, quiet, no wider than the screen."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.newsroom_process import NewsroomProcess
from tests.screens import SHOWN, Screen, screens

# What a page looks like is the same on both databases.
pytestmark = pytest.mark.sqlite

Glance = Callable[[Page, str], None]


@pytest.fixture
def reader(new_context: Callable[..., BrowserContext], watch: Callable[[BrowserContext], None]) -> Page:
    """A reader's browser."""
    context = new_context()
    watch(context)
    return context.new_page()


def first(page: Page, pattern: str) -> str:
    """Return the first link of the page whose address fits."""
    links = page.locator("a[href]").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    return str(next(link for link in links if re.search(pattern, link)))


def test_public_pages(newsroom: NewsroomProcess, reader: Page, glance: Glance) -> None:
    """Front page, a story with its thread, answers that are no story; the list below has every other page."""
    reader.goto(newsroom.url)
    glance(reader, "public-home")
    story = first(reader, r"^/[-\w]+/[-\w]+-\d+/$")
    pages = {
        "public-story": story,
        "public-404": "/tidak-ada/",
    }
    for name, path in pages.items():
        reader.goto(newsroom.url + path)
        glance(reader, name)
    withdrawn = newsroom.manage("shell", "--no-imports", "-c", WITHDRAWN).strip()
    answer = reader.goto(newsroom.url + withdrawn)
    assert answer
    assert answer.status == 410
    glance(reader, "public-410")


WITHDRAWN = """
from articles.models import Publication
row = Publication.objects.filter(kind="tombstone").order_by("pk")[0]
print(Publication.objects.filter(article=row.article, kind="story").order_by("-pk")[0].path)
"""


def test_comment_form_with_errors(newsroom: NewsroomProcess, reader: Page, glance: Glance) -> None:
    """The form's own page, with every mistake at once; what was typed stays."""
    reader.goto(newsroom.url)
    reader.goto(newsroom.url + first(reader, r"^/[-\w]+/[-\w]+-\d+/$"))
    reader.locator("#write [name=text]").fill("Teks yang tidak boleh hilang. " * 200)
    reader.locator("#write [name=email]").fill("bukan alamat")
    reader.locator("#write form").evaluate("form => { form.noValidate = true }")
    reader.locator("#write button[type=submit]").click()
    expect(reader.locator(".is-invalid")).to_have_count(3)
    expect(reader.locator("[name=email]")).to_have_value("bukan alamat")
    glance(reader, "public-form-errors")


def test_log_in(newsroom: NewsroomProcess, reader: Page, glance: Glance) -> None:
    """The desk's door, and a wrong password."""
    reader.goto(f"{newsroom.url}/admin/")
    glance(reader, "desk-login")
    reader.locator("[name=login]").fill("ada")
    reader.locator("[name=password]").fill("salah sekali")
    reader.locator("form button[type=submit]").click()
    expect(reader.locator("[name=login]")).to_have_value("ada")
    glance(reader, "desk-login-refused")


def test_moderation_screens(newsroom: NewsroomProcess, staff: Callable[[str], Page], glance: Glance) -> None:
    """Mo's way through the queue and what belongs to it."""
    mo = staff("mo")
    queue = f"{newsroom.url}/admin/comments/comment/queue/"
    for name, query in {
        "waiting": "",
        "spam": "?state=spam",
        "none": "?q=tidakadayangbegini",
        "together": "bulk/",
        "mine": "mine/",
    }.items():
        mo.goto(queue + query)
        glance(mo, f"desk-queue-{name}")


@pytest.fixture(scope="session")
def listed(newsroom: NewsroomProcess) -> list[Screen]:
    """Every page there is, with its path."""
    return screens(newsroom)


@pytest.mark.parametrize("role", SHOWN, ids=lambda role: role or "reader")
def test_listed_pages(
    role: str,
    newsroom: NewsroomProcess,
    listed: list[Screen],
    reader: Page,
    staff: Callable[[str], Page],
    once: Callable[..., None],
) -> None:
    """Each page of the list, loaded once: quiet, and no wider than a phone.

    Public ones are held to axe in both schemes here, those of the desk where time is no matter (make soak).
    """
    with_axe = not role or "EVERY_SCHEME" in os.environ
    page = staff(role) if role else reader
    for screen in listed:
        if screen.role == role:
            answer = page.goto(newsroom.url + screen.path)
            assert answer
            assert answer.status == 200, screen
            if "/reauthenticate/" in page.url and screen.route != "account_reauthenticate":
                page.locator("[name=password]").fill(newsroom.log_ins()[role])
                page.locator("form button[type=submit]").first.click()
                page.wait_for_url(f"{newsroom.url}{screen.path}")
            once(page, screen.name, with_axe=with_axe)
