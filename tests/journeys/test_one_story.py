"""One story's whole way: written by Ada, approved and published by Ed, answered by Rea, moderated by Mo."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import seed_story
from tests.journeys.newsroom_process import NewsroomProcess

Look = Callable[..., None]


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def has_script(request: pytest.FixtureRequest) -> bool:
    """Whether the reader's browser runs JavaScript."""
    return bool(request.param)


@pytest.fixture
def reader(
    has_script: bool, new_context: Callable[..., BrowserContext], watch: Callable[[BrowserContext], None]
) -> Page:
    """Rea's browser."""
    context = new_context(java_script_enabled=has_script)
    watch(context)
    return context.new_page()


def test_from_the_empty_editor_to_an_approved_comment(
    newsroom: NewsroomProcess, staff: Callable[[str], Page], reader: Page, has_script: bool, look: Look
) -> None:
    """The whole way, on the customer's own example."""
    story = seed_story()
    shot = "story"
    if not has_script:
        # The desk's pages are the same for both readers: looked at once.
        look = nobody_looks

    # Ada writes
    ada = staff("ada")
    look(ada, f"{shot}-01-my-desk")
    address = write_story(ada, newsroom, story, look, shot)
    # Ed approves and publishes
    ed = staff("ed")
    ed.goto(newsroom.url + address)
    press(ed, "approve")
    expect(ed.locator("[data-state=approved]").first).to_be_visible()
    look(ed, f"{shot}-04-approved")
    press(ed, "publish")
    expect(ed.locator(".panel [data-state=live]").first).to_be_visible()
    public = ed.locator(".panel-links a[href^='/asia-timur/']").get_attribute("href")
    assert public

    # Rea reads and writes
    reader.goto(newsroom.url + public)
    expect(reader.locator("h1")).to_have_text(story["title"])
    expect(reader.locator("main h2", has_text="Kesimpulan").first).to_be_visible()
    assert "Tinggalkan Balasan" not in reader.locator(".text").first.inner_text()
    first = comment(reader, "Rea Wulandari", "Apakah nota protes itu sudah dijawab Moskow?")
    assert first == 1
    reader.goto(newsroom.url + public)
    assert "nota protes itu sudah dijawab" not in reader.locator("main").inner_text()

    # Mo approves the first
    mo = staff("mo")
    open_card(mo, newsroom, "Apakah nota protes itu sudah dijawab")
    look(mo, f"{shot}-06-queue")
    decide(mo, "approve")

    # Rea reloads, sees it in its place and counted, and somebody answers it
    reader.goto(newsroom.url + public)
    expect(reader.locator("#comments .comment", has_text="Apakah nota protes")).to_have_count(1)
    assert reader.locator("#comments").get_attribute("data-visible-count") == "1"
    reader.locator("#comments .comment__actions a").first.click()
    expect(reader.locator("main")).to_contain_text("Rea Wulandari")
    fill_and_send(reader, "Tamu Kedua", "Jawabannya pendek: belum, dan tidak akan.", "tamu@example.org")
    reader.goto(newsroom.url + public)
    fill_and_send(reader, "Tamu Ketiga", "Penulisnya tolol, hapus saja rubrik ini.", "tamu3@example.org")

    # Mo approves the reply and rejects the other with a reason
    open_card(mo, newsroom, "Jawabannya pendek")
    expect(mo.locator(".card-chain")).to_contain_text("Apakah nota protes")
    decide(mo, "approve")
    open_card(mo, newsroom, "Penulisnya tolol")
    mo.locator("#card label", has=mo.locator("input[value=personal_attack]")).click()
    decide(mo, "reject")

    # Rea reloads
    reader.goto(newsroom.url + public)
    comments = reader.locator("#comments")
    assert comments.get_attribute("data-visible-count") == "2"
    expect(comments.locator(".replies .replies .comment", has_text="Jawabannya pendek")).to_have_count(1)
    for path in (public, "/", "/asia-timur/"):
        reader.goto(newsroom.url + path)
        assert "Penulisnya tolol" not in reader.content()
    reader.goto(newsroom.url + public)
    if has_script:
        look(reader, f"{shot}-08-story-with-thread")


def nobody_looks(page: Page, name: str) -> None:
    """Take no picture."""


def write_story(page: Page, newsroom: NewsroomProcess, story: dict[str, str], look: Look, shot: str) -> str:
    """Write, file, save, preview and submit the story as Ada would; return its address at the desk."""
    page.goto(f"{newsroom.url}/admin/articles/article/add/")
    copy_from_wordpress(page, story["body"])
    page.locator("[name=title]").fill(story["title"])
    page.locator("[name=standfirst]").fill(story["standfirst"])
    editor = page.locator(".ProseMirror")
    editor.click()
    page.keyboard.press("Control+V")
    expect(editor.locator("h2")).to_have_count(5)
    page.locator("[name=section]").select_option(label="Asia Timur")
    page.locator("[name=bylines-0-contributor]").select_option(label="Ada Lestari")
    page.locator("[name=article_topics-0-topic]").select_option(index=1)
    page.locator("[name=sources-0-title]").fill("Keterangan Kementerian Luar Negeri Korea Selatan")
    look(page, f"{shot}-02-editor")
    page.locator(".panel button[name=_save]").first.click()
    page.wait_for_url(re.compile(r"/articles/article/\d+/change/"))
    address = page.url.removeprefix(newsroom.url)
    page.locator(".panel-links a[href$='/preview/']").click()
    expect(page.locator("h1")).to_have_text(story["title"])
    look(page, f"{shot}-03-preview")
    page.goto(newsroom.url + address)
    press(page, "submit")
    expect(page.locator(".panel [data-state=in_review]").first).to_be_visible()
    return address


def copy_from_wordpress(page: Page, text: str) -> None:
    """Put the text on the clipboard the way a WordPress page hands it over, styles, spans and all."""
    blocks = []
    for block in text.split("\n\n"):
        is_subhead = len(block) < 80 and not block.endswith((".", "”"))
        tag = "h2" if is_subhead else "p"
        blocks.append(
            f'<{tag} class="wp-block" style="font-family:Arial;color:#222;margin:0 0 1em">'
            f'<span style="font-weight:400">{html.escape(block)}</span></{tag}>'
        )
    source = page.context.new_page()
    source.set_content(f"<article>{''.join(blocks)}</article>")
    source.locator("body").click()
    source.keyboard.press("Control+A")
    source.keyboard.press("Control+C")
    source.close()
    page.bring_to_front()


def press(page: Page, action: str) -> None:
    """Press one of the panel's actions."""
    page.locator(f".panel button[name=_do][value={action}]").click()
    page.wait_for_load_state()


def comment(page: Page, name: str, text: str) -> int:
    """Forget a field first, see that nothing typed is lost, then send; return how many receipts are shown."""
    page.locator("#write [name=text]").fill(text)
    page.locator("#write [name=name]").fill(name)
    page.locator("#write form").evaluate("form => { form.noValidate = true }")
    page.locator("#write button[type=submit]").click()
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value(text)
    expect(page.locator("[name=name]")).to_have_value(name)
    page.locator("[name=email]").fill("rea@example.org")
    page.locator("form.form button[type=submit]").click()
    expect(page.locator("#sent")).to_contain_text(text)
    return page.locator("#sent").count()


def fill_and_send(page: Page, name: str, text: str, email: str) -> None:
    """Fill the comment form and send it."""
    page.locator("[name=text]").fill(text)
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("form.form button[type=submit]").click()
    expect(page.locator("#sent")).to_contain_text(text)


def open_card(page: Page, newsroom: NewsroomProcess, text: str) -> None:
    """Find the waiting comment that begins so, and open it from the rail."""
    page.goto(f"{newsroom.url}/admin/comments/comment/queue/?q={quote(text[:24])}")
    page.locator(".rail a", has_text=text[:24]).first.click()
    expect(page.locator("#card .card-text")).to_contain_text(text)


def decide(page: Page, action: str) -> None:
    """Press a decision and see that it can be undone."""
    page.locator(f"#card button[name=verdict][value={action}]").click()
    page.wait_for_load_state()
    expect(page.locator("form[action*='/undo/']").first).to_be_visible()
    # Readers see a change within a second.
    page.wait_for_timeout(1000)
