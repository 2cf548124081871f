"""The design system's promises that a machine can check."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

PAPER = Path(settings.BASE_DIR) / "newsroom" / "static" / "paper"
SHEETS = sorted((PAPER / "css").glob("*.css"))
TEMPLATES = Path(settings.BASE_DIR) / "templates"
PUBLIC = [
    *TEMPLATES.glob("*.html"),
    *(path for folder in ("includes", "articles", "comments") for path in (TEMPLATES / folder).rglob("*.html")),
]


def test_all_styles_together_stay_within_their_budget() -> None:
    together = b"".join(sheet.read_bytes() for sheet in SHEETS)
    assert len(gzip.compress(together, 9)) <= 15 * 1024


def test_readers_load_every_sheet_in_one_file() -> None:
    named = re.findall(r'^@import url\("([\w-]+\.css)"\);$', (PAPER / "css" / "paper.css").read_text(), re.MULTILINE)
    assert sorted([*named, "paper.css"]) == [sheet.name for sheet in SHEETS]
    assert named[0] == "tokens.css"
    for template in PUBLIC:
        assert "paper/css/" not in template.read_text() or template.name == "base.html"


def test_early_script_stays_within_its_budget() -> None:
    assert (PAPER / "js" / "scheme-early.js").stat().st_size <= 300


def test_headline_face_comes_with_its_licence() -> None:
    assert (PAPER / "fonts" / "headline.woff2").stat().st_size <= 31 * 1024
    assert "SIL OPEN FONT LICENSE" in (PAPER / "fonts" / "OFL.txt").read_text().upper()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sheet_stands_inside_the_layers(sheet: Path) -> None:
    """A rule outside the layers would outrank the print sheet."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
    outside, depth = [], 0
    for part in re.split(r"([{}])", css):
        if part == "{":
            depth += 1
        elif part == "}":
            depth -= 1
        elif depth == 0 and part.strip():
            outside.append(part.strip().rpartition(";")[2].strip())
    assert all(not head or head.startswith(("@layer", "@font-face")) for head in outside)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sheet_uses_known_tokens_and_no_third_party(sheet: Path) -> None:
    css = sheet.read_text()
    known = set(re.findall(r"(--[\w-]+):", "".join(other.read_text() for other in SHEETS)))
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= known
    assert "http" not in css.replace('[href^="http"]', "")
    assert "//" not in re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


@pytest.mark.parametrize("template", PUBLIC, ids=lambda template: str(template.relative_to(TEMPLATES)))
def test_template_keeps_to_the_policy(template: Path) -> None:
    """Nothing inline that the content security policy would refuse; unescaped text in one place only."""
    html = template.read_text()
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", html)
    assert all("src=" in tag or "application/ld+json" in tag for tag in re.findall(r"<script[^>]*>", html))
    assert ("|safe" in html) == (template.name == "_body.html")
