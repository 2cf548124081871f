"""`make test` and its relatives: runs stages and says how each ended.

`python -m tests.run` runs what CI runs, two stages at a time; `python -m tests.run STAGE...` runs those, one after the
other. A stage that lacks something on this machine fails and says what; none is left out silently, and a test that
skips itself counts as failed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from newsroom.bootstrap import messages
from tests import machine

ROOT = Path(__file__).resolve().parent.parent

# Seconds; a stage that takes longer hangs and is killed with all it started.
STAGE_LIMIT = 540
SOAK_LIMIT = 3600
BENCH_LIMIT = 2400
# Left to stages of their own: they start servers, and would disturb what runs beside them.
APART = ("tests/exactness", "tests/journeys", "tests/serving", "tests/soak")
# The browser's plugins give every test fixtures of theirs, which three thousand tests without a browser pay for.
WITHOUT_BROWSER = ("-p", "no:playwright", "-p", "no:base_url")
# Each process takes tests that lie together, and what they share is made once.
IN_TWO = ("-n", "2", "--dist", "worksteal")
UNITS = (*WITHOUT_BROWSER, *(f"--ignore={path}" for path in APART), "tests")

# Where a stage's words go: to the screen, or beside another stage to a file until it is over.
OUTPUT: ContextVar[TextIO] = ContextVar("OUTPUT")
# The programs that run now; what breaks the run off ends them.
RUNNING: set[subprocess.Popen[bytes]] = set()
BROKEN_OFF = threading.Event()


def say(words: str) -> None:
    """Print where the words of the stage at hand go."""
    print(words, file=OUTPUT.get(sys.stdout), flush=True)


@dataclass
class Result:
    """How a stage ended."""

    passed: int
    failed: int
    note: str = ""


# Name, result and seconds of a stage
Outcome = tuple[str, Result, float]


class Run:
    """One run of some stages; the PostgreSQL of the run starts when the first stage asks for it.

    Where two stages run at a time it has to be started before: it ends with the thread that started it.
    """

    def __init__(self, resources: contextlib.ExitStack, *, two_at_a_time: bool = False) -> None:
        self._resources = resources
        self._postgres = ""
        # A stage that has the machine to itself uses both cores.
        self.spread = () if two_at_a_time else IN_TWO

    def postgres(self) -> str:
        """Return the address of the run's own PostgreSQL."""
        if not self._postgres:
            self._postgres = self._resources.enter_context(machine.postgres())
        return self._postgres


def command(*words: str, limit: int = STAGE_LIMIT, **environment: str) -> int:
    """Run a program of the environment in a group of its own; return its exit code."""
    process = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**clean_environment(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=OUTPUT.get(None),
        stderr=OUTPUT.get(None),
        process_group=0,
    )
    RUNNING.add(process)
    try:
        return process.wait(limit)
    except subprocess.TimeoutExpired:
        say(f"Ended after {limit} s: {' '.join(words)}")
        return 1
    finally:
        end_group(process)
        RUNNING.discard(process)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing of what a stage started: first as Ctrl-C does, so that it cleans up, then for good."""
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(15)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def clean_environment() -> dict[str, str]:
    """Return the environment without what would point the tests at somebody's real newsroom."""
    ours = ("DATABASE_URL", "SITE_URL", "HOST", "PORT", "NEWSROOM_VAR", "DJANGO_SETTINGS_MODULE", "SECRET_KEY")
    return {name: value for name, value in os.environ.items() if name not in ours}


def checks(*commands: tuple[str, ...]) -> Result:
    """Run commands that each pass or fail as a whole."""
    failed = [" ".join(words[1:3]) for words in commands if command(*words) != 0]
    return Result(len(commands) - len(failed), len(failed), ", ".join(failed))


def pytest(*arguments: str, limit: int = STAGE_LIMIT, **environment: str) -> Result:
    """Run some tests and count them."""
    with tempfile.TemporaryDirectory(prefix="newsroom-tests-") as folder:
        report = Path(folder, "report.xml")
        quiet = ("-q", "--no-header", "-p", "no:cacheprovider", "--durations=8", "--durations-min=2")
        code = command("-m", "pytest", *quiet, f"--junit-xml={report}", *arguments, limit=limit, **environment)
        return count(report, code)


def count(report: Path, code: int) -> Result:
    """Read what a test run wrote down; a run that broke off or ran nothing has failed."""
    if not report.exists():
        return Result(0, 1, f"broke off with exit code {code}")
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors + skipped
    if (code or not total) and not failed:
        failed = 1
    note = f"{skipped} skipped themselves, which counts as failed" if skipped else ""
    return Result(total - failures - errors - skipped, failed, note or ("" if total else "no test ran"))


def lint(_run: Run) -> Result:
    """Form and style of Python and templates."""
    return checks(
        ("-m", "ruff", "format", "--check", "."),
        ("-m", "ruff", "check", "."),
        ("-m", "djlint", "--lint", "--quiet", "templates"),
    )


def types(_run: Run) -> Result:
    """Types."""
    return checks(("-m", "mypy"))


def imports(_run: Run) -> Result:
    """The direction of imports."""
    program = str(Path(sys.executable).with_name("lint-imports"))
    return checks((program, "--no-logo", "--no-cache"))


def migrations(_run: Run) -> Result:
    """No model without its migration."""
    return checks(("manage.py", "makemigrations", "--check", "--dry-run", "--settings", "newsroom.settings.test"))


def units_sqlite(run: Run) -> Result:
    """Everything but processes and browsers, on SQLite."""
    return pytest(*run.spread, *UNITS)


def units_postgresql(run: Run) -> Result:
    """What touches a database, on PostgreSQL."""
    url = f"{run.postgres()}/newsroom"
    return pytest(*run.spread, *UNITS, DATABASE_URL=url)


def serving(_run: Run) -> Result:
    """The real processes: set-up, serving, slow bodies, kills."""
    return pytest("tests/serving")


def exactness(run: Run) -> Result:
    """Pages against what is true, from two web processes on each database, and through nginx and Varnish."""
    here = pytest(*WITHOUT_BROWSER, "tests/exactness")
    there = pytest(*WITHOUT_BROWSER, "tests/exactness", DATABASE_URL=f"{run.postgres()}/newsroom_exactness")
    return Result(here.passed + there.passed, here.failed + there.failed, here.note or there.note)


def journeys_sqlite(_run: Run) -> Result:
    """Real browsers before the embedded newsroom."""
    machine.require_browser()
    return pytest("tests/journeys")


def journeys_postgresql(run: Run) -> Result:
    """Real browsers before the production settings on PostgreSQL."""
    machine.require_browser()
    return pytest("tests/journeys", DATABASE_URL=machine.create_database(run.postgres(), "newsroom_journeys"))


def soak(_run: Run) -> Result:
    """Long random runs, kills, every page in both schemes; SOAK_SECONDS sets how long each random run lasts."""
    machine.require_browser()
    long = pytest("tests/soak", "-s", limit=SOAK_LIMIT)
    both = pytest("tests/journeys/test_every_screen.py", limit=SOAK_LIMIT, EVERY_SCHEME="1")
    return Result(long.passed + both.passed, long.failed + both.failed, long.note or both.note)


def reformat(_run: Run) -> Result:
    """Put Python into form."""
    return checks(("-m", "ruff", "check", "--fix", "--quiet", "."), ("-m", "ruff", "format", "."))


def bench(_run: Run) -> Result:
    """Measure every figure of docs/performance.md; ONLY names some chapters. One that is missed is no failure."""
    code = command("-m", "benchmarks.run", limit=BENCH_LIMIT)
    return Result(int(code == 0), int(code != 0))


def screenshots(_run: Run) -> Result:
    """Take the pictures of the documentation."""
    machine.require_browser()
    return checks(("-m", "benchmarks.screenshots"))


# Two run at a time, the longest first, so that both end together; what finds nothing but form waits for them.
CI = {
    "units-sqlite": units_sqlite,
    "units-postgresql": units_postgresql,
    "journeys-sqlite": journeys_sqlite,
    "serving": serving,
    "exactness": exactness,
    "journeys-postgresql": journeys_postgresql,
    "types": types,
    "lint": lint,
    "migrations": migrations,
    "imports": imports,
}
STAGES: dict[str, Callable[[Run], Result]] = {
    **CI,
    "soak": soak,
    "format": reformat,
    "bench": bench,
    "screenshots": screenshots,
}


def prepare(names: list[str]) -> None:
    """Get what the stages need of the machine, and the translations in the form Django reads."""
    if set(names) - {"lint", "types", "imports", "migrations", "format"}:
        machine.install_missing()
        machine.require_gettext()
    if messages.main() != 0:
        raise machine.Missing("A translation cannot be compiled; its line is named above.")


def run_stage(name: str, run: Run) -> Outcome:
    """Run one stage and time it."""
    say(f"\n== {name}")
    began = time.monotonic()
    try:
        result = STAGES[name](run)
    except machine.Missing as missing:
        say(f"newsroom: {missing}")
        result = Result(0, 1, str(missing))
    return name, result, time.monotonic() - began


def run_beside_another(name: str, run: Run) -> Outcome | None:
    """Run a stage whose words are printed in one piece at its end; None when the run was broken off before it."""
    if BROKEN_OFF.is_set():
        return None
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as heard:
        OUTPUT.set(heard)
        outcome = run_stage(name, run)
        heard.seek(0)
        print(heard.read(), end="", flush=True)
    return outcome


def run_two_at_a_time(run: Run) -> list[Outcome]:
    """Run what CI runs; whichever core is free takes the next stage."""
    with ThreadPoolExecutor(2) as pool:
        try:
            # Where there is none, the stages that need it say so.
            with contextlib.suppress(machine.Missing):
                run.postgres()
            print("\nThe stages run two at a time and report when they are over.", flush=True)
            started = [pool.submit(run_beside_another, name, run) for name in CI]
            return [outcome for stage in started if (outcome := stage.result())]
        finally:
            # Nothing runs any more unless something broke the run off.
            BROKEN_OFF.set()
            for process in list(RUNNING):
                end_group(process)


def main(names: list[str]) -> int:
    """Run the stages, then say in a line each how they ended, and the sum at the very end."""
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        print(f"newsroom: there is no stage {unknown[0]}. There are: {', '.join(STAGES)}.")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcomes: list[Outcome] = []
    with contextlib.ExitStack() as resources:
        run = Run(resources, two_at_a_time=not names)
        try:
            prepare(names or list(CI))
        except machine.Missing as missing:
            print(f"newsroom: {missing}")
            outcomes.append(("machine", Result(0, 1, str(missing)), 0.0))
        outcomes += [run_stage(name, run) for name in names] if names else run_two_at_a_time(run)
    print()
    for name, result, seconds in outcomes:
        line = f"{name:22}{result.passed:6} passed {result.failed:4} failed {seconds:7.1f} s  {result.note}"
        print(line.rstrip())
    passed, failed = (sum(getattr(outcome[1], which) for outcome in outcomes) for which in ("passed", "failed"))
    print(f"newsroom: {passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
