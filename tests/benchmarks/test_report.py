"""The page and the chart that a whole run leaves."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import report, run
from benchmarks.figures import Chapter, Figure

SVG = "{http://www.w3.org/2000/svg}"
MET = Figure("story <50>", 95, 100, "nginx", "requests/s", ratios=(0.95, 0.96), goal=0.9)
MISSED = Figure("memory", 300, 100, "bare", "MiB", goal=1.25, kind="most")
CHAPTER = Chapter("Speed", [MET, MISSED], ["| a | b |", "|---|---|"])


def test_chapter_survives_being_written_down(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    path.write_text(json.dumps(asdict(CHAPTER)))
    assert run.read(path) == CHAPTER


def test_page_names_a_chapter_that_failed() -> None:
    page = report.page({"speed": CHAPTER, "writes": None}, datetime(2026, 8, 12, tzinfo=UTC))
    assert "## Speed" in page
    assert page[-1] == "Not measured, or it failed. `make bench ONLY=writes` shows why."


def test_bars_that_meet_their_goal_pass_the_line() -> None:
    assert report.reach(MET) > 1 > report.reach(MISSED)
    drawing = ElementTree.fromstring(report.chart([MET, MISSED]))
    met, missed = (bar for bar in drawing.iter(f"{SVG}rect") if bar.get("class") != "ground")
    edge = float(met.get("x", 0))
    assert (met.get("class"), missed.get("class")) == ("met", "missed")
    assert edge + float(met.get("width", 0)) > report.GOAL_AT > edge + float(missed.get("width", 0))
    assert float(drawing.get("width", 0)) <= 360


def test_unknown_chapter_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["nonsense"]) == 2
    assert "hot_path" in capsys.readouterr().out
