"""The story editor in a real browser: pasted text arrives clean, the keyboard reaches everything, no console line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.newsroom_process import NewsroomProcess
from tests.journeys.paste_samples import SAMPLES, Sample

# What a browser does with a clipboard is the same on both databases.
pytestmark = pytest.mark.sqlite

Look = Callable[..., None]
# What the editor writes on every cell and every numbered list.
DEFAULTS = re.compile(r' (?:colspan|rowspan)="1"| data-type="decimal"')
ADD = "/admin/articles/article/add/"


@pytest.fixture(scope="module")
def log_in(newsroom: NewsroomProcess, browser: Browser) -> dict[str, str]:
    """Log Ada in once; return her session's state for the contexts of the tests."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{newsroom.url}/admin/")
    page.locator("[name=login]").fill("ada")
    page.locator("[name=password]").fill(newsroom.log_ins()["ada"])
    page.locator("form button[type=submit]").click()
    page.wait_for_url(f"{newsroom.url}/admin/")
    state = context.storage_state()
    context.close()
    return state  # type: ignore[return-value]


@pytest.fixture
def editor(newsroom: NewsroomProcess, context: BrowserContext, console: list[str], log_in: dict[str, object]) -> Page:
    """An empty story in the editor, as Ada has it before her."""
    context.add_cookies(log_in["cookies"])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(newsroom.url + ADD)
    page.locator(".ProseMirror").wait_for()
    return page


def copy(page: Page, sample: Sample) -> None:
    """Put the sample on the clipboard byte for byte, as the program it comes from does."""
    source = page.context.new_page()
    source.set_content("<p>x</p>")
    source.evaluate(
        """([html, plain]) => document.addEventListener("copy", event => {
            if (html) event.clipboardData.setData("text/html", html)
            event.clipboardData.setData("text/plain", plain || "x")
            event.preventDefault()
        })""",
        [sample.html, sample.plain],
    )
    source.locator("p").click()
    source.keyboard.press("Control+A")
    source.keyboard.press("Control+C")
    source.close()
    page.bring_to_front()


def written(page: Page) -> str:
    """Return what the form would send as the story's text, without the attributes that say nothing."""
    return DEFAULTS.sub("", page.locator("#id_body").input_value())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_paste_arrives_clean(editor: Page, sample: Sample) -> None:
    copy(editor, sample)
    editor.locator(".ProseMirror").click()
    editor.keyboard.press("Control+V")

    expect(editor.locator("#id_body")).not_to_have_value("")
    assert written(editor) == sample.expected


def test_paste_within_a_sentence_stays_in_the_sentence(editor: Page) -> None:
    copy(editor, Sample("words", '<span style="color:red;font-weight:700">kapal</span>', ""))
    editor.locator(".ProseMirror").click()
    editor.keyboard.type("Sebuah  besar")
    for _letter in " besar":
        editor.keyboard.press("ArrowLeft")
    # The editor hears of a moved caret a moment later than the keyboard; nobody pastes as fast as this test.
    editor.wait_for_timeout(300)
    editor.keyboard.press("Control+V")

    assert written(editor) == "<p>Sebuah <strong>kapal</strong> besar</p>"


def test_own_copy_comes_back_as_it_was(editor: Page) -> None:
    text = editor.locator(".ProseMirror")
    text.click()
    copy(editor, SAMPLES[3])
    text.click()
    editor.keyboard.press("Control+V")
    before = written(editor)
    editor.keyboard.press("Control+A")
    editor.keyboard.press("Control+C")
    editor.keyboard.press("Delete")
    editor.keyboard.press("Control+V")

    assert written(editor) == before


def test_pasted_story_is_saved_and_loads_as_it_was_saved(editor: Page) -> None:
    copy(editor, SAMPLES[0])
    editor.locator("[name=title]").fill("Jalur baru di utara")
    editor.locator(".ProseMirror").click()
    editor.keyboard.press("Control+V")
    editor.keyboard.press("Control+S")
    editor.wait_for_url(re.compile(r"/articles/article/\d+/change/"))
    editor.locator(".ProseMirror").wait_for()
    saved = written(editor)
    assert "<h2>Jalur baru</h2>" in saved
    assert "<table>" in saved

    # A load and a save without a change make no revision.
    editor.keyboard.press("Control+S")
    editor.wait_for_load_state()
    editor.locator(".panel-links a[href$='/revisions/']").click()
    expect(editor.locator("table.revisions tbody tr")).to_have_count(1)


def test_toolbar_is_one_tab_stop_with_arrow_keys(editor: Page) -> None:
    editor.locator("[name=standfirst]").focus()
    editor.keyboard.press("Tab")
    toolbar = editor.locator("[role=toolbar]")
    expect(toolbar.locator("button").first).to_be_focused()
    editor.keyboard.press("End")
    expect(toolbar.locator("button:visible").last).to_be_focused()
    editor.keyboard.press("ArrowRight")
    expect(toolbar.locator("button").first).to_be_focused()
    editor.keyboard.press("Tab")
    expect(editor.locator(".ProseMirror")).to_be_focused()
    editor.keyboard.press("Shift+Tab")
    expect(toolbar.locator("button").first).to_be_focused()


def test_every_tool_has_a_name_and_no_icon_font_is_loaded(editor: Page) -> None:
    buttons = editor.locator("[role=toolbar] button")
    names = [buttons.nth(n).get_attribute("aria-label") or "" for n in range(buttons.count())]
    assert all(names)
    assert len(set(names)) == len(names)
    assert not [name for name in names if "_" in name or ":" in name]


def test_escape_then_tab_leaves_a_list_and_a_table(editor: Page) -> None:
    text = editor.locator(".ProseMirror")
    text.click()
    editor.locator("[data-name=bulletList]").click()
    editor.keyboard.type("Butir satu")
    editor.keyboard.press("Enter")
    editor.keyboard.type("Butir dua")
    editor.keyboard.press("Tab")
    expect(text).to_be_focused()
    expect(text.locator("ul ul li")).to_have_count(1)
    editor.keyboard.press("Escape")
    editor.keyboard.press("Tab")
    expect(text).not_to_be_focused()


def test_writing_surface_is_named_and_checks_spelling(editor: Page) -> None:
    text = editor.locator(".ProseMirror")
    expect(text).to_have_attribute("role", "textbox")
    expect(text).to_have_attribute("aria-multiline", "true")
    assert text.get_attribute("aria-label")
    assert text.get_attribute("spellcheck") != "false"


def test_link_and_table_are_asked_for_in_a_named_dialog(editor: Page) -> None:
    editor.locator(".ProseMirror").click()
    editor.keyboard.type("Laporan")
    editor.keyboard.press("Control+A")
    editor.locator("[data-name=link]").click()
    dialog = editor.locator("dialog[open]")
    assert dialog.get_attribute("aria-labelledby")
    dialog.locator("input").fill("https://example.org/laporan")
    dialog.locator("[type=submit]").click()
    assert written(editor) == '<p><a href="https://example.org/laporan">Laporan</a></p>'

    editor.keyboard.press("End")
    editor.keyboard.press("Enter")
    editor.locator("[data-name=table]").click()
    editor.locator("dialog[open] input").first.fill("2")
    editor.locator("dialog[open] [type=submit]").click()
    assert written(editor).count("<tr>") == 2
    assert "<th" in written(editor)


def test_pull_quote_is_a_toggle(editor: Page) -> None:
    editor.locator(".ProseMirror").click()
    editor.keyboard.type("Kami menunggu.")
    button = editor.locator("[data-name=pullQuote]")
    button.click()
    assert written(editor) == '<aside class="pull-quote"><p>Kami menunggu.</p></aside>'
    expect(button).to_have_attribute("aria-pressed", "true")


def test_words_are_counted_while_writing(editor: Page) -> None:
    editor.locator(".ProseMirror").click()
    editor.keyboard.type("Tiga kata saja")

    expect(editor.locator("[data-words]")).to_have_text("3")


def test_editor_looks_right_everywhere(editor: Page, look: Look) -> None:
    copy(editor, SAMPLES[2])
    editor.locator("[name=title]").fill("Laut yang sama, peta yang berbeda: dua tahun setelah nota protes")
    editor.locator(".ProseMirror").click()
    editor.keyboard.press("Control+V")

    look(editor, "editor-new")


def test_plain_text_field_saves_clean_text_without_javascript(
    newsroom: NewsroomProcess,
    new_context: Callable[..., BrowserContext],
    watch: Callable[[BrowserContext], None],
    log_in: dict[str, object],
) -> None:
    context = new_context(java_script_enabled=False)
    watch(context)
    context.add_cookies(log_in["cookies"])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(newsroom.url + ADD)
    page.locator("[name=title]").fill("Tanpa skrip")
    page.locator("[name=body]").fill('<p style="color:red">Isi<script>alert(1)</script></p>')
    page.locator(".panel button[name=_save]").first.click()

    page.wait_for_url(re.compile(r"/articles/article/\d+/change/"))
    assert page.locator("[name=body]").input_value() == "<p>Isi</p>"
    page.locator(".panel button[value=submit]").click()
    expect(page.locator(".panel [data-state=in_review]").first).to_be_visible()
