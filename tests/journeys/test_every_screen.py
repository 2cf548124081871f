"""Every kind of page, as the people who use it see it: accessible in both schemes, quiet, no wider than the screen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.newsroom_process import NewsroomProcess

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
    """Front page, section, topic, writer, archive, story with a thread, answers that are no story."""
    reader.goto(newsroom.url)
    glance(reader, "public-home")
    story = first(reader, r"^/[-\w]+/[-\w]+-\d+/$")
    pages = {
        "public-section": "/asia-timur/",
        "public-archive": "/arsip/",
        "public-story": story,
        "public-english": "/en/",
        "public-404": "/tidak-ada/",
    }
    for name, path in pages.items():
        reader.goto(newsroom.url + path)
        glance(reader, name)
    for name, origin, pattern in (
        ("topic", story, r"^/topik/"),
        ("contributor", story, r"^/penulis/"),
        ("month", "/arsip/", r"^/arsip/\d{4}/\d\d/$"),
    ):
        reader.goto(newsroom.url + origin)
        reader.goto(newsroom.url + first(reader, pattern))
        glance(reader, f"public-{name}")
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


def test_story_screens(newsroom: NewsroomProcess, staff: Callable[[str], Page], glance: Glance) -> None:
    """The chief editor's way through the stories' screens."""
    kepala = staff("kepala")
    glance(kepala, "desk-home")
    stories = f"{newsroom.url}/admin/articles/article/"
    kepala.goto(stories)
    glance(kepala, "desk-stories")
    kepala.goto(newsroom.url + first(kepala, r"/admin/articles/article/\d+/change/"))
    story = kepala.url.removesuffix("change/")
    for name in ("change", "revisions", "preview", "withdraw", "kill", "history"):
        kepala.goto(f"{story}{name}/")
        glance(kepala, f"desk-story-{name}")
    for name in ("section", "topic", "contributor"):
        kepala.goto(f"{newsroom.url}/admin/articles/{name}/")
        glance(kepala, f"desk-{name}s")
    kepala.goto(f"{newsroom.url}/admin/articles/section/add/")
    glance(kepala, "desk-section")


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
    for name in ("watchedword", "watchedword/add", "watchedword/try", "rulebook/1/change", "thread", "comment"):
        mo.goto(f"{newsroom.url}/admin/comments/{name}/")
        glance(mo, f"desk-{name.replace('/', '-')}")


def test_administration_screens(newsroom: NewsroomProcess, staff: Callable[[str], Page], glance: Glance) -> None:
    """The administrator's records."""
    admin = staff("admin")
    for name in ("all", "core/user", "core/user/add", "core/auditentry", "auth/group"):
        admin.goto(f"{newsroom.url}/admin/{name}/")
        glance(admin, f"desk-{name.replace('/', '-')}")
    admin.goto(f"{newsroom.url}/accounts/password/change/")
    glance(admin, "desk-password")
