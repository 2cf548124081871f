"""The Nu HTML checker (vnu, from npm) over every page, as it is sent and as it stands once JavaScript ran: no errors.

Needs Java, npm and its registry; without them the test fails and says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import (  # noqa: F401
    browser_context_args,
    browser_type_launch_args,
    kept_cookies,
    newsroom,
    said,
    staff,
    watch,
)
from tests.journeys.newsroom_process import NewsroomProcess
from tests.screens import Screen, screens

LANGUAGES = ("id", "en")
# The admin's own inlines.js writes this attribute into its hidden counters once the page stands; nothing is sent so.
BY_DJANGO = "An “input” element with a “type” attribute whose value is “hidden” must not have an “autocomplete”"
SET_LANGUAGE = "from newsroom.core.models import User; User.objects.filter(is_staff=True).update(language={!r})"


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checker's jar, installed into a folder of its own."""
    for program in ("java", "npm"):
        assert shutil.which(program), f"The HTML checker needs {program}: install it and run again."
    folder = tmp_path_factory.mktemp("vnu")
    install = ("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), "vnu-jar")
    done = subprocess.run(install, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return next(folder.rglob("vnu.jar"))


def errors(checker: Path, folder: Path) -> list[str]:
    """Return what the checker calls an error, a line each."""
    pages = sorted(str(path) for path in folder.glob("*.html"))
    command = ("java", "-jar", str(checker), "--errors-only", "--format", "json", "--exit-zero-always", *pages)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: list[dict[str, Any]] = json.loads(done.stderr)["messages"]
    return [
        f"{Path(row.get('url', '')).name}: {row['message']} {row.get('extract', '')!r}"
        for row in found
        if not (row["message"].startswith(BY_DJANGO) and row.get("url", "").endswith("dom.html"))
    ]


def write(page: Page, site: str, screen: Screen, folder: Path, language: str) -> None:
    """Keep one page twice: the bytes that came, and what the browser made of them."""
    answer = page.goto(site + screen.path)
    assert answer
    assert answer.status == 200, f"{screen.path} answers {answer.status}"
    (folder / f"{screen.name}.{language}.sent.html").write_text(answer.text(), encoding="utf-8")
    (folder / f"{screen.name}.{language}.dom.html").write_text(page.content(), encoding="utf-8")


@pytest.mark.sqlite
def test_every_page_is_valid_html(
    newsroom: NewsroomProcess,  # noqa: F811
    staff: Callable[[str], Page],  # noqa: F811
    new_context: Callable[..., BrowserContext],
    checker: Path,
    tmp_path: Path,
) -> None:
    shown = screens(newsroom)
    browsers = {role: staff(role) if role else new_context().new_page() for role in {row.role for row in shown}}
    for language in LANGUAGES:
        newsroom.manage("shell", "--no-imports", "-c", SET_LANGUAGE.format(language))
        for screen in shown:
            # Readers' pages speak the language of their address.
            if screen.role or language == "id":
                write(browsers[screen.role], newsroom.url, screen, tmp_path, language)
    found = errors(checker, tmp_path)
    assert len(list(tmp_path.glob("*.html"))) > len(shown)
    assert found == []
