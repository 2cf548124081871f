"""`make bench`: every figure of docs/performance.md measured anew, each beside something of the same run.

All chapters are measured one after the other, and docs/bench.md is written with its chart. `make bench ONLY=hot_path`
or `python -m benchmarks.run hot_path frugal` measures those; the page then has the others as they were found last. A
chapter that fails is reported as failed, and the others go on.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import report
from benchmarks.figures import Chapter, Figure, table
from newsroom.bootstrap.places import var_dir
from tests import machine
from tests.run import command

ROOT = Path(__file__).resolve().parent.parent
# Module below `benchmarks`, and the seconds after which it hangs.
CHAPTERS = {
    "hot_path": 240,
    "cold_path": 420,
    "writes": 300,
    "frugal": 240,
    "queries": 240,
    "threads": 300,
    "search": 480,
    "pictures": 240,
}
# Program and the package of Debian's that has it.
PROGRAMS = {"wrk": "wrk", "nginx": "nginx"}


def measure(name: str, target: Path) -> None:
    """Measure one chapter and write it down."""
    chapter: Chapter = importlib.import_module(f"benchmarks.{name}").measure()
    target.write_text(json.dumps(asdict(chapter)))


def read(source: Path) -> Chapter:
    """Return a chapter that was written down."""
    found = json.loads(source.read_text())
    figures = [Figure(**{**figure, "ratios": tuple(figure["ratios"])}) for figure in found["figures"]]
    return Chapter(found["title"], figures, found["lines"])


def run(name: str, folder: Path) -> Chapter | None:
    """Measure a chapter in a process of its own and keep what it found; None when it failed."""
    began = time.monotonic()
    target = folder / f"{name}.json"
    target.unlink(missing_ok=True)
    program = f"from pathlib import Path; from benchmarks import run; run.measure({name!r}, Path({str(target)!r}))"
    code = command("-c", program, limit=CHAPTERS[name])
    chapter = read(target) if code == 0 and target.exists() else None
    print("\n".join([*table(chapter.figures), "", *chapter.lines] if chapter else ["It failed; see above."]))
    print(f"{name} took {time.monotonic() - began:.0f} s.", flush=True)
    return chapter


def kept(folder: Path) -> dict[str, Chapter | None]:
    """Return what the last run of each chapter found, in order; None for one that failed or never ran."""
    paths = {name: folder / f"{name}.json" for name in CHAPTERS}
    return {name: read(path) if path.exists() else None for name, path in paths.items()}


def main(names: Sequence[str]) -> int:
    """Measure what is named, or all; 1 when a chapter failed. A goal that is missed is a finding, no failure."""
    unknown = [name for name in names if name not in CHAPTERS]
    if unknown:
        print(f"newsroom: there is no chapter {unknown[0]}. There are: {', '.join(CHAPTERS)}.")
        return 2
    for lacking in machine.install_programs(PROGRAMS):
        print(f"newsroom: {lacking} is not installed, so some chapters will fail. apt install {PROGRAMS[lacking]}")
    # So that what the chapter at hand has started ends with this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = var_dir() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Chapter | None] = {}
    for number, name in enumerate(names or CHAPTERS, start=1):
        print(f"\n== {name} ({number} of {len(names or CHAPTERS)})", flush=True)
        found[name] = run(name, folder)
    report.write(kept(folder))
    failed = [name for name, chapter in found.items() if chapter is None]
    figures = [figure for chapter in found.values() if chapter for figure in chapter.figures]
    missed = [figure.name for figure in figures if figure.is_met is False]
    print(f"\nWritten: {report.TABLE.relative_to(ROOT)} and {report.CHART.relative_to(ROOT)}.")
    print(f"{len(found) - len(failed)} chapters measured; failed: {', '.join(failed) or 'none'}.")
    print(f"Goals missed: {'; '.join(missed) or 'none'}.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or os.environ.get("ONLY", "").replace(",", " ").split()))
