"""A real browser in front of a real newsroom. Every page must leave the console empty."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from tests.journeys.newsroom_process import ROOT, NewsroomProcess

# Not below test-results/, which pytest-playwright empties between tests.
SHOTS = ROOT / "var" / "pictures"
WCAG = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22a",
    "wcag22aa",
    "best-practice",
]
# What can differ between the schemes, or between a screen and a phone. EVERY_SCHEME, which `make soak` sets, asks for
# all of it each time and takes the pictures, which are for people: no test looks at them.
LAYOUT_AND_COLOUR = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
AT_LENGTH = "EVERY_SCHEME" in os.environ
IN_DARK = None if AT_LENGTH else LAYOUT_AND_COLOUR
# The browser's one line naming a page's own intended status.
INTENDED_STATUS = re.compile(r"^Failed to load resource: the server responded with a status of (\d{3})")
# What web and worker may print in a whole run: an operator must be able to find the line that matters.
QUIET_LINES = 100
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def browser_path() -> str | None:
    """Return Chromium's or Chrome's path; None lets Playwright look for its own."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return found
    return None


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """Start the installed browser; as root it needs --no-sandbox."""
    return {
        **browser_type_launch_args,
        "executable_path": browser_path(),
        "args": BROWSER_FLAGS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Readers and the desk are Indonesian by default."""
    return {
        **browser_context_args,
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewsroomProcess]:
    """The demo newsroom, served; shared by all journeys of a run."""
    served = NewsroomProcess(tmp_path_factory.mktemp("var"), database_url=os.environ.get("DATABASE_URL", ""))
    served.set_up()
    served.start()
    yield served
    served.stop()
    said = (served.var / "serve.log").read_text().splitlines()
    assert [line for line in said if "ERROR" in line or "Traceback" in line] == []
    assert len(said) < QUIET_LINES, "\n".join(said[-40:])


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What the browsers of the test said on their consoles; at the end it must be nothing."""
    lines: list[str] = []
    yield lines
    assert lines == []


@pytest.fixture
def watch(said: list[str]) -> Callable[[BrowserContext], None]:
    """Return `watch(context)`: from then on every page of that browser must leave its console empty."""

    def note(message: ConsoleMessage) -> None:
        if not INTENDED_STATUS.match(message.text):
            said.append(f"{message.type}: {message.text} ({message.page.url if message.page else ''})")

    def watch(context: BrowserContext) -> None:
        context.on("console", note)
        context.on("weberror", lambda error: said.append(f"error: {error.error}"))

    return watch


@pytest.fixture
def console(context: BrowserContext, watch: Callable[[BrowserContext], None], said: list[str]) -> list[str]:
    """Watch the one browser of a test that needs no other."""
    watch(context)
    return said


@pytest.fixture(scope="session")
def kept_cookies() -> dict[str, Any]:
    """The cookies of who has logged in before: checking a password is made to take half a second."""
    return {}


@pytest.fixture
def staff(
    newsroom: NewsroomProcess,
    new_context: Callable[..., BrowserContext],
    watch: Callable[[BrowserContext], None],
    kept_cookies: dict[str, Any],
) -> Callable[[str], Page]:
    """Return `staff(name)`: a browser of their own in which that person has logged in at the desk."""

    def log_in(name: str) -> Page:
        context = new_context()
        watch(context)
        page = context.new_page()
        context.add_cookies(kept_cookies.get(name, []))
        page.goto(f"{newsroom.url}/admin/")
        if name in kept_cookies:
            return page
        page.locator("[name=login]").fill(name)
        page.locator("[name=password]").fill(newsroom.log_ins()[name])
        page.locator("form button[type=submit]").click()
        page.wait_for_url(f"{newsroom.url}/admin/")
        kept_cookies[name] = context.cookies()
        return page

    return log_in


@pytest.fixture
def look() -> Callable[..., None]:
    """Return `look(page, name)`: axe in both colour schemes, and no sideways scroll at 360, 768 and 1280 px.

    What a page looks like is the same on both databases: on PostgreSQL nobody looks again.
    """
    folder = SHOTS / "sqlite"

    def look(
        page: Page,
        name: str,
        *,
        widths: tuple[int, ...] = (360, 768, 1280),
    ) -> None:
        if os.environ.get("DATABASE_URL"):
            return
        before = page.viewport_size
        for scheme, rules in (("light", None), ("dark", IN_DARK)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert_accessible(page, f"{name} {scheme}", rules=rules)
            for width in widths:
                page.set_viewport_size({"width": width, "height": 900})
                assert_no_sideways_scroll(page, name, width)
                if AT_LENGTH:
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            if before:
                page.set_viewport_size(before)
        page.emulate_media(color_scheme="light")

    return look


@pytest.fixture
def glance() -> Callable[[Page, str], None]:
    """Return `glance(page, name)`: axe in both schemes, no sideways scroll on a phone."""
    folder = SHOTS / "screens"

    def glance(page: Page, name: str) -> None:
        before = page.viewport_size
        phone = {"width": 360, "height": 780}
        for scheme, size, rules in (("light", before, None), ("dark", phone, IN_DARK)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if size:
                page.set_viewport_size(size)
            assert_accessible(page, f"{name} {scheme}", rules=rules)
            assert_no_sideways_scroll(page, name, size["width"] if size else 0)
            if AT_LENGTH:
                page.screenshot(path=folder / f"{name}-{scheme}.png")
        page.emulate_media(color_scheme="light")
        if before:
            page.set_viewport_size(before)

    return glance


@pytest.fixture
def once() -> Callable[..., None]:
    """Return `once(page, name)`: all of axe in light, colour and sizes in dark, no sideways scroll on a phone."""

    def once(page: Page, name: str, *, with_axe: bool) -> None:
        before = page.viewport_size
        if with_axe:
            assert_accessible(page, f"{name} light")
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.set_viewport_size({"width": 360, "height": 780})
        assert_no_sideways_scroll(page, name, 360)
        if with_axe:
            assert_accessible(page, f"{name} dark", rules=IN_DARK)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        if before:
            page.set_viewport_size(before)

    return once


def assert_accessible(page: Page, name: str, *, rules: list[str] | None = None) -> None:
    """Run axe (WCAG 2.2 AA and its best practices, or some rules) and show each violation with its targets."""
    # No preloading: for it axe writes style elements of its own, which our policy blocks and the console reports.
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    options = {"runOnly": only, "preload": False, "resultTypes": ["violations"]}
    # Once a page: the half megabyte of it takes the browser longer than most of its rules.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(document, options).then(results => results.violations)", options)
    lines = [f"{v['id']}: {[n['target'] for n in v['nodes']][:5]} {v['help']}" for v in found]
    assert lines == [], f"{name}: " + "\n".join(lines)


def assert_no_sideways_scroll(page: Page, name: str, width: int) -> None:
    """A page never scrolls sideways; wide tables scroll within themselves."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{name} at {width} px is {overflow} px too wide"


def seed_story() -> dict[str, str]:
    """Return the customer's example story, or ours on the same subject: title, standfirst, and the rest as text."""
    seeds = sorted((ROOT.parent / "shared" / "seed").glob("*.txt"))
    source = seeds[0] if seeds else Path(__file__).parent / "seed_story.txt"
    blocks = [block.strip() for block in source.read_text(encoding="utf-8").split("\n\n") if block.strip()]
    title = blocks[0]
    rest = [block for block in blocks[1:] if block != title]
    end = next(
        (n for n, block in enumerate(rest) if block.startswith("Tinggalkan Balasan")),
        len(rest),
    )
    return {"title": title, "standfirst": rest[0], "body": "\n\n".join(rest[1:end])}
