"""What a whole run of the benchmarks leaves in docs/: a page of tables, and a chart of ratios against their goals."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from benchmarks.figures import Chapter, Figure, table, verdict

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "bench.md"
CHART = ROOT / "docs" / "pictures" / "bench.svg"

# Pixels of the chart: as wide as a telephone, so that nothing is scaled down there.
WIDTH, EDGE, ROW, BAR = 360, 8, 54, 12
# Where the goal stands, and how far a bar goes: three halves of the goal and more look alike.
GOAL_AT, MOST = 240, 1.43
# What is counted either grew or did not: that needs no bar.
COUNTS = ("queries", "statements")
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1c2430 }
.fine { font-size: 12px; fill: #55606e }
.met { fill: #2f6f9f } .missed { fill: #b3541e } .goal { stroke: #1c2430; stroke-width: 1.5 } .ground { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e8edf2 } .fine { fill: #a9b4c0 } .ground { fill: #14181d }
  .met { fill: #6db3e2 } .missed { fill: #f0935a } .goal { stroke: #e8edf2 }
}
"""


def write(chapters: Mapping[str, Chapter | None], *, at: datetime | None = None) -> None:
    """Write page and chart; None stands for a chapter that failed."""
    figures = [figure for chapter in chapters.values() if chapter for figure in chapter.figures]
    CHART.parent.mkdir(parents=True, exist_ok=True)
    CHART.write_text(chart(figure for figure in figures if figure.goal is not None and figure.unit not in COUNTS))
    TABLE.write_text("\n".join(page(chapters, at or datetime.now(UTC))) + "\n")


def page(chapters: Mapping[str, Chapter | None], at: datetime) -> list[str]:
    """Return the lines of the page."""
    lines = [
        "# What `make bench` found",
        "",
        f"Written by `make bench` on {at:%Y-%m-%d} at commit {commit()}:",
        f"{machine()}.",
        "Ratios compare things measured in the same run, one after the other or in turns; where there are pairs, the",
        "ratio is their median. Seconds and requests belong to that machine. `benchmarks/README.md` says what is done.",
        "",
        "![Each ratio as a bar against its goal](pictures/bench.svg)",
    ]
    for name, chapter in chapters.items():
        if chapter is None:
            lines += ["", f"## {name}", "", f"Not measured, or it failed. `make bench ONLY={name}` shows why."]
            continue
        lines += ["", f"## {chapter.title}", "", *table(chapter.figures)]
        lines += ["", *chapter.lines] if chapter.lines else []
    return lines


def commit() -> str:
    """Return the commit that is checked out."""
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "unknown"


def machine() -> str:
    """Return what the machine is, in a few words."""
    found = None
    if (cpuinfo := Path("/proc/cpuinfo")).exists():
        found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE)
    processor = found[1] if found else platform.machine()
    return f"Python {platform.python_version()}, {os.cpu_count()} cores ({processor})"


def reach(figure: Figure) -> float:
    """Return how far a figure gets towards its goal: 1 just meets it, more is better, whichever kind it is."""
    assert figure.goal
    if figure.kind == "least":
        return figure.ratio / figure.goal
    return figure.goal / figure.ratio if figure.ratio else float("inf")


def chart(figures: Iterable[Figure]) -> str:
    """Return an SVG with a bar for each figure; all bars that pass the line meet their goals."""
    figures = list(figures)
    height = EDGE * 2 + 24 + ROW * len(figures)
    rows = [row for number, figure in enumerate(figures) for row in bar(figure, EDGE + 24 + ROW * number)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            ' role="img" aria-labelledby="title">',
            '<title id="title">Ratios of the benchmarks as bars against their goals</title>',
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
            f'<text class="fine" x="{GOAL_AT}" y="{EDGE + 12}" text-anchor="middle">goal</text>',
            *rows,
            "</svg>",
            "",
        ]
    )


def bar(figure: Figure, top: int) -> list[str]:
    """Return a figure's name, its bar and what it says."""
    length = round((GOAL_AT - EDGE) * min(reach(figure), MOST))
    kind = "met" if figure.is_met else "missed"
    words = f"{figure.ratio:.3g}, {verdict(figure)}"
    name = figure.name if len(figure.name) <= 52 else f"{figure.name[:51].rstrip()}…"
    return [
        f'<text x="{EDGE}" y="{top + 12}">{escape(name)}</text>',
        f'<rect class="{kind}" x="{EDGE}" y="{top + 18}" width="{length}" height="{BAR}" rx="2">'
        f"<title>{escape(f'{figure.name}: {words}')}</title></rect>",
        f'<path class="goal" d="M{GOAL_AT} {top + 15}v{BAR + 6}"/>',
        f'<text class="fine" x="{EDGE}" y="{top + 43}">{words}</text>',
    ]
