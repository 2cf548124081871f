"""What the documents name exists."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
QUOTED = re.compile(r"`([^`\n]+)`")
DOTTED = re.compile(r"(?:newsroom|articles|comments)(?:\.\w+)+")
FILE = re.compile(r"(?:newsroom|articles|comments|templates|tests|docs)/[\w./-]*")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def name(document: Path) -> str:
    """Return a page's path as people write it."""
    return document.relative_to(ROOT).as_posix()


def exists(dotted: str) -> bool:
    """Say whether a module, or something in one, has this name."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            if not hasattr(found, attribute):
                return False
            found = getattr(found, attribute)
        return True
    return False


@pytest.mark.parametrize("document", PAGES, ids=name)
def test_names_of_code_lead_somewhere(document: Path) -> None:
    quoted = QUOTED.findall(document.read_text(encoding="utf-8"))
    assert [words for words in quoted if DOTTED.fullmatch(words) and not exists(words)] == []


@pytest.mark.parametrize("document", PAGES, ids=name)
def test_names_of_files_lead_somewhere(document: Path) -> None:
    quoted = QUOTED.findall(document.read_text(encoding="utf-8"))
    assert [words for words in quoted if FILE.fullmatch(words) and not (ROOT / words).exists()] == []


@pytest.mark.parametrize("document", PAGES, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_page_of_decisions_lists_them_all() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.name for page in folder.glob("*.md") if page.name != "README.md")
