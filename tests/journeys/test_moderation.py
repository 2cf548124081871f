"""Mo at the queue: keys, the sheet of keys, ticks and ranges, one undo for many. All is undone at the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.newsroom_process import NewsroomProcess

# What keys do is the same on both databases.
pytestmark = pytest.mark.sqlite
# The first moments of a card take no keys.
SETTLED = 400
EARLY = """
addEventListener("DOMContentLoaded", () => {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true }));
});
"""
# The words of names that stand on more than one line, those aside that no column could hold.
BROKEN_NAMES = """
() => [...document.querySelectorAll(".bulk-name")].flatMap((cell) => {
  const text = cell.firstChild;
  return [...text.data.matchAll(/\\S{1,14}(?!\\S)/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map((word) => word[0]);
})
"""


def press(page: Page, key: str) -> None:
    """Press a key once the card has settled."""
    page.wait_for_load_state()
    page.wait_for_timeout(SETTLED)
    page.keyboard.press(key)


def undoable(page: Page) -> set[str | None]:
    """Return what can be taken back; what others of these journeys decided in the last minute is among it."""
    return {line.get_attribute("action") for line in page.locator(".toast").all()}


def test_keys_move_decide_and_undo(newsroom: NewsroomProcess, staff: Callable[[str], Page]) -> None:
    mo = staff("mo")
    # On every page from now on, a second press meant for the card before: it decides nothing.
    mo.add_init_script(EARLY)
    mo.goto(f"{newsroom.url}/admin/comments/comment/queue/")
    first = mo.locator("#card").get_attribute("data-comment")
    press(mo, "?")
    expect(mo.locator("dialog[open]")).to_have_count(1)
    mo.keyboard.press("Escape")
    press(mo, "j")
    expect(mo.locator("#card")).not_to_have_attribute("data-comment", first or "")
    expect(mo.locator("#card")).to_be_focused()
    second = mo.locator("#card").get_attribute("data-comment") or ""
    before = undoable(mo)
    press(mo, "s")
    expect(mo.locator("#card")).not_to_have_attribute("data-comment", second)
    assert len(undoable(mo) - before) == 1
    press(mo, "u")
    expect(mo.locator("#card")).to_have_attribute("data-comment", second)
    mo.locator("[data-switch]").click()
    press(mo, "j")
    mo.reload()
    expect(mo.locator("[data-switch]")).to_have_attribute("aria-pressed", "false")
    expect(mo.locator("#card")).to_have_attribute("data-comment", second)
    mo.locator("[data-switch]").click()


def test_ticks_carry_their_number_and_one_undo_takes_all_back(
    newsroom: NewsroomProcess, staff: Callable[[str], Page]
) -> None:
    mo = staff("mo")
    mo.goto(f"{newsroom.url}/admin/comments/comment/queue/bulk/")
    for width in (768, 900, 1024):
        mo.set_viewport_size({"width": width, "height": 900})
        assert mo.evaluate(BROKEN_NAMES) == [], width
    boxes = mo.locator("[name=row]")
    boxes.nth(0).check()
    boxes.nth(1).click(modifiers=["Shift"])
    spam = mo.locator(".verdict[value=spam]")
    expect(spam.locator("[data-number]")).to_have_text("2")
    spam.click()
    expect(mo.locator("tr[data-outcome=decided]")).to_have_count(2)
    mo.locator(".toast button").click()
    expect(mo.locator("tr[data-outcome=decided]")).to_have_count(2)
    expect(mo.locator(".toast")).to_have_count(0)
