"""Pictures from the desk to the reader: sent, described, put into a story, published; and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.articles.library import jpeg
from tests.journeys.newsroom_process import NewsroomProcess

# What a page does is the same on both databases.
pytestmark = pytest.mark.sqlite

PHOTO = {"name": "kapal-patroli.jpg", "mimeType": "image/jpeg", "buffer": jpeg("teal", (1200, 800))}
DRAWING = {"name": "gambar.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
RENDER = """
from django.utils import timezone
from articles import renditions
from articles.models import Image
renditions.render(Image.objects.get(title="kapal patroli").pk, at=timezone.now())
"""


def test_from_the_files_to_the_public_page(
    newsroom: NewsroomProcess, staff: Callable[[str], Page], glance: Callable[[Page, str], None]
) -> None:
    """Ed sends two files of which one is refused, describes the other, and publishes a story that shows it twice."""
    ed = staff("ed")
    library = f"{newsroom.url}/admin/articles/image/"
    ed.goto(f"{library}add/")
    ed.locator("#id_files").set_input_files([PHOTO, DRAWING])
    rows = ed.locator("[data-upload-row]")
    expect(rows).to_have_count(2, timeout=20_000)
    expect(ed.locator("[data-upload-row][data-state=refused]")).to_contain_text("gambar.svg")
    glance(ed, "desk-upload")

    ed.locator("[data-upload-row][data-state=accepted] a").click()
    stage = ed.locator("[data-stage]")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box
    ed.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.4)
    ed.locator("[data-nudge='1,0']").click()
    expect(ed.locator("[name=focal_x]")).to_have_value("71")
    ed.locator("[name=credit]").fill("Redaksi")
    ed.locator("#id_licence").select_option("own")
    # The alternative text is left for the picker to ask for.
    ed.locator(".picture-save button").click()
    expect(ed.locator("[name=credit]")).to_have_value("Redaksi")
    expect(ed.locator("[name=focal_x]")).to_have_value("71")
    glance(ed, "desk-media")

    public = publish_with_pictures(ed, newsroom)
    # The worker would, when the demo's own pictures are done.
    newsroom.manage("shell", "--no-imports", "-c", RENDER)
    page = ed.context.new_page()
    page.goto(newsroom.url + public)
    expect(page.locator("article picture img[alt='Kapal patroli berwarna hijau']")).to_have_count(2)
    expect(page.locator("article figcaption", has_text="Keterangan di naskah")).to_have_count(1)


def publish_with_pictures(page: Page, newsroom: NewsroomProcess) -> str:
    """Write a story with a picture in its text and one above it; return its public address."""
    page.goto(f"{newsroom.url}/admin/articles/article/add/")
    page.locator("[name=title]").fill("Patroli dengan gambar")
    page.locator("[name=standfirst]").fill("Kapal patroli itu hijau, dan gambarnya ada dua.")
    page.locator(".ProseMirror").click()
    page.keyboard.type("Paragraf pertama tentang kapal patroli yang berlayar pagi ini. " * 6)
    page.locator("[data-name=figure]").click()
    page.locator("dialog .picture-card", has_text="kapal patroli").click()
    # No alternative text yet: asked for here.
    page.locator("#picker-alt").fill("Kapal patroli berwarna hijau")
    page.locator("dialog [data-alt-step] button[type=submit]").click()
    expect(page.locator(".ProseMirror figure img")).to_have_attribute("alt", "Kapal patroli berwarna hijau")
    page.keyboard.type("Keterangan di naskah")
    page.locator("[data-choose]").click()
    # Escape puts the dialog aside and leaves everything as it was.
    expect(page.locator("dialog .picture-card").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.locator("[data-choose]").click()
    page.locator("dialog .picture-card", has_text="kapal patroli").click()
    expect(page.locator("[data-now]")).to_be_visible()
    page.locator("[name=section]").select_option(label="Asia Timur")
    page.locator("[name=bylines-0-contributor]").select_option(label="Ada Lestari")
    page.locator("[name=article_topics-0-topic]").select_option(index=1)
    page.locator("[name=sources-0-title]").fill("Catatan pelayaran")
    page.locator("[name=sources-0-is_checked]").check()
    page.locator(".panel button[name=_save]").first.click()
    page.wait_for_url(re.compile(r"/articles/article/\d+/change/"))
    # The page that comes back still has both.
    expect(page.locator(".ProseMirror figure figcaption")).to_have_text("Keterangan di naskah")
    expect(page.locator("[data-now]")).to_be_visible()
    for action in ("submit", "approve", "publish"):
        page.locator(f".panel button[name=_do][value={action}]").click()
        page.wait_for_load_state()
    public = page.locator(".panel-links a[href^='/asia-timur/']").get_attribute("href")
    assert public
    return public


def test_without_javascript(
    newsroom: NewsroomProcess, staff: Callable[[str], Page], new_context: Callable[..., BrowserContext]
) -> None:
    """Ada sends two files from a plain form and sets the focal point by its two numbers."""
    state: Any = staff("ada").context.storage_state()
    page = new_context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(f"{newsroom.url}/admin/articles/image/add/")
    second = {**PHOTO, "name": "pelabuhan.jpg", "buffer": jpeg("navy", (600, 400))}
    page.locator("#id_files").set_input_files([second, DRAWING])
    page.locator("form[data-upload] button").click()
    expect(page.locator("[data-upload-row]")).to_have_count(2)
    page.locator("[data-upload-row][data-state=accepted] a").click()
    page.locator("[name=focal_x]").fill("20")
    page.locator("[name=focal_y]").fill("80")
    page.locator("[name=alt_text]").fill("Pelabuhan pada malam hari")
    page.locator(".picture-save button").click()
    expect(page.locator("[name=focal_y]")).to_have_value("80")
    expect(page.locator("[name=alt_text]")).to_have_value("Pelabuhan pada malam hari")
    page.goto(f"{newsroom.url}/admin/articles/article/add/")
    expect(page.locator("[name=lead_image]")).to_be_visible()
