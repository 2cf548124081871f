"""`make screenshots`: the fixed set of pictures in docs/pictures/, taken of a demo newsroom of their own.

Small PNG files with a palette. Only dates differ from run to run, since the demo's follow the day. The folder stays
below `MOST_BYTES`, or the program fails.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import machine
from tests.journeys.newsroom_process import ROOT, NewsroomProcess

KEPT = ROOT / "docs" / "pictures"
MOST_BYTES = 1_500_000
COLOURS = 96
LONGEST_SECONDS = 300
PENDING = "from articles.models import Image; print(Image.objects.filter(state=Image.State.PENDING).count())"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
# The picture of the key to scan and the key itself; nobody shall scan them from the documentation.
SECRET = "img[src^='data:'], #totp-secret"


@dataclass(frozen=True)
class Shot:
    """One picture: its name, whose it is ("" a reader's), how to get there, and the size of the window."""

    name: str
    role: str
    go: Callable[[Page], object]
    size: tuple[int, int] = (1280, 860)
    scheme: str = "light"
    # What stands at the top of the picture; "": the page from its beginning.
    top: str = ""


def at(path: str) -> Callable[[Page], object]:
    """Return what opens a path."""
    return lambda page: page.goto(path)


def through(path: str, pattern: str) -> Callable[[Page], object]:
    """Return what opens the first link of a page whose address fits."""

    def go(page: Page) -> object:
        page.goto(path)
        links = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        return page.goto(next(link for link in links if re.search(pattern, link)))

    return go


def changes(page: Page) -> object:
    """Open the public history of a corrected story."""
    through("/", CORRECTED)(page)
    return page.goto(f"{page.url}riwayat/")


def edit(pattern: str) -> Callable[[Page], object]:
    """Return what opens a story of the front page in the editor."""

    def go(page: Page) -> object:
        through("/", pattern)(page)
        number = page.url.rstrip("/").rpartition("-")[2]
        return page.goto(f"/admin/articles/article/{number}/change/")

    return go


MAP_STORY = "/rel-di-tepi-tumen-"
CORRECTED = "/satu-nama-di-peta-"
SHOTS = (
    Shot("front-page", "", at("/")),
    Shot("front-page-phone-dark", "", at("/"), size=(360, 780), scheme="dark"),
    Shot("story", "", through("/", MAP_STORY), size=(1280, 1000)),
    Shot("thread", "", through("/", MAP_STORY), top="#comments"),
    Shot("search", "", at("/cari/?q=laut")),
    Shot("corrections", "", at("/koreksi/"), size=(1280, 760)),
    Shot("history", "", changes, size=(1280, 760)),
    Shot("my-desk", "ed", at("/admin/")),
    Shot("editor", "ed", edit(MAP_STORY), size=(1280, 1000)),
    Shot("pictures", "ed", at("/admin/articles/image/")),
    Shot("queue", "mo", at("/admin/comments/comment/queue/")),
    Shot("queue-phone-dark", "mo", at("/admin/comments/comment/queue/"), size=(360, 780), scheme="dark"),
    Shot("accounts", "admin", at("/admin/core/user/"), size=(1280, 640)),
    Shot("invite", "admin", at("/admin/core/user/add/"), size=(1280, 760)),
    Shot("second-factor", "admin", at("/accounts/mfa/totp/activate/"), size=(1280, 760)),
)


def log_in(browser: Browser, newsroom: NewsroomProcess, role: str) -> BrowserContext:
    """Return a browser of its own, logged in as a demo account or, without one, a reader's."""
    context = browser.new_context(
        base_url=newsroom.url, locale="id-ID", timezone_id="Asia/Jakarta", reduced_motion="reduce"
    )
    if role:
        page = context.new_page()
        page.goto("/admin/")
        page.locator("[name=login]").fill(role)
        page.locator("[name=password]").fill(newsroom.log_ins()[role])
        page.locator("form button[type=submit]").click()
        page.wait_for_url("**/admin/")
        page.close()
    return context


def take(context: BrowserContext, shot: Shot, password: str) -> bytes:
    """Take one picture as a PNG; pages that ask for the password once more get it."""
    page = context.new_page()
    page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
    page.emulate_media(color_scheme="dark" if shot.scheme == "dark" else "light", reduced_motion="reduce")
    shot.go(page)
    if page.url.partition("?")[0].endswith("/reauthenticate/"):
        page.locator("[name=password]").fill(password)
        page.locator("form button[type=submit]").first.click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    if shot.top:
        page.locator(shot.top).evaluate("element => element.scrollIntoView({block: 'start', behavior: 'instant'})")
        page.wait_for_load_state("networkidle")
    picture = page.screenshot(mask=[page.locator(SECRET)], mask_color="#8a8f98", caret="hide")
    page.close()
    return picture


def keep(name: str, taken: bytes) -> int:
    """Write the picture with a palette; return its size in bytes."""
    path = KEPT / f"{name}.png"
    picture = Image.open(io.BytesIO(taken)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


def wait_for_renditions(newsroom: NewsroomProcess) -> None:
    """Let the worker cut the demo's pictures. Raises TimeoutError after `LONGEST_SECONDS`."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while int(newsroom.manage("shell", "--no-imports", "-c", PENDING)):
        if time.monotonic() > deadline:
            raise TimeoutError(f"The demo's pictures were not cut within {LONGEST_SECONDS} s.")
        time.sleep(1)


def main() -> int:
    """Take all pictures; drop those that no longer belong to the set."""
    KEPT.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with tempfile.TemporaryDirectory(prefix="newsroom-pictures-") as folder, sync_playwright() as playwright:
        newsroom = NewsroomProcess(Path(folder))
        newsroom.set_up()
        newsroom.start()
        wait_for_renditions(newsroom)
        browser = playwright.chromium.launch(executable_path=machine.find_browser(), args=FLAGS)
        try:
            passwords = newsroom.log_ins()
            contexts = {role: log_in(browser, newsroom, role) for role in dict.fromkeys(shot.role for shot in SHOTS)}
            for shot in SHOTS:
                sizes[shot.name] = keep(shot.name, take(contexts[shot.role], shot, passwords.get(shot.role, "")))
                print(f"{shot.name:24}{sizes[shot.name] / 1000:7.1f} kB", flush=True)
        finally:
            browser.close()
            newsroom.stop()
    for path in KEPT.glob("*.png"):
        if path.stem not in sizes:
            path.unlink()
    print(f"{len(sizes)} pictures, {sum(sizes.values()) / 1000:.0f} kB")
    if sum(sizes.values()) > MOST_BYTES:
        print(f"They are larger than {MOST_BYTES / 1000:.0f} kB together.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
