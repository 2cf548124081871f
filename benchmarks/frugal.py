"""What running costs: memory at rest and seconds to the first page, beside a project without Newsroom.

`python -m benchmarks.frugal` runs it alone. The other project has the same installed apps, gunicorn with as many
processes and threads, and the stock worker of django-tasks-db; one after the other they start, answer, and come to
rest.
Memory is PSS: what processes share is divided among those who share it.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import scene
from benchmarks.figures import Chapter, Figure, table
from newsroom.serving import plan
from tests.journeys.newsroom_process import ROOT, NewsroomProcess, free_port
from tests.serving.procs import children, descendants, is_alive, name_of

STARTS = 5
SUPERVISOR_MIB = 15.0
START_SECONDS = 1.5
MOST_TIMES = 1.25
# New connections that find both web processes, and the seconds in which a worker has done its first chores.
PAGES = 30
REST_SECONDS = 3.0
LONGEST_START = 20.0


@dataclass
class Stack:
    """Programs that serve a page at `url` together, each with its command line."""

    url: str
    commands: Mapping[str, list[str]]
    environment: Mapping[str, str]
    log: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> float:
        """Start all; return the seconds until the page came for the first time."""
        began = time.perf_counter()
        with self.log.open("ab") as log:
            for name, command in self.commands.items():
                self.running[name] = subprocess.Popen(
                    command, cwd=ROOT, env={**os.environ, **self.environment}, stdout=log, stderr=log
                )
        while time.perf_counter() - began < LONGEST_START:
            with contextlib.suppress(OSError), urllib.request.urlopen(self.url, timeout=5) as answer:
                answer.read()
                return time.perf_counter() - began
            time.sleep(0.01)
        raise RuntimeError(f"No page within {LONGEST_START} s: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        """End all, by their process ids. Whoever were left would answer on the same port in the next start's place."""
        everyone = [pid for process in self.running.values() for pid in descendants(process.pid)]
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()
        if left := [pid for pid in everyone if is_alive(pid)]:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            raise RuntimeError(f"{len(left)} processes did not end with their parent.")

    @contextlib.contextmanager
    def at_rest(self) -> Iterator[dict[str, int]]:
        """Serve some pages and fall silent while the block runs; yields the process ids by name."""
        self.start()
        try:
            for _ in range(PAGES):
                with urllib.request.urlopen(self.url, timeout=10) as answer:
                    answer.read()
            time.sleep(REST_SECONDS)
            yield {name: process.pid for name, process in self.running.items()}
        finally:
            self.stop()


def newsroom_stack(newsroom: NewsroomProcess, path: str) -> Stack:
    """Return Newsroom as `manage.py serve` runs it."""
    serve = [sys.executable, "manage.py", "serve"]
    return Stack(newsroom.url + path, {"supervisor": serve}, newsroom.environment, newsroom.var / "serve.log")


def bare_stack(folder: Path) -> Stack:
    """Return the project without Newsroom, its database made."""
    environment = {"DJANGO_SETTINGS_MODULE": "benchmarks.bare.settings", "BARE_DATABASE": str(folder / "bare.sqlite3")}
    django = [sys.executable, "-m", "django"]
    subprocess.run([*django, "migrate", "--verbosity", "0"], cwd=ROOT, env={**os.environ, **environment}, check=True)
    port = free_port()
    web = [sys.executable, "-m", "gunicorn", "benchmarks.bare.site:application", "--bind", f"127.0.0.1:{port}"]
    web += ["--workers", str(plan.WEB_WORKERS), "--threads", str(plan.WEB_THREADS), "--log-level", "error"]
    commands = {"web server": web, "worker": [*django, "db_worker"]}
    return Stack(f"http://127.0.0.1:{port}/", commands, environment, folder / "bare.log")


def pss_mib(pid: int) -> float:
    """Return a process's share of the memory, in MiB."""
    match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    assert match
    return int(match[1]) / 1024


def memory(stack: Stack) -> dict[str, float]:
    """Return the MiB of each part at rest; the web workers and their parent apart."""
    with stack.at_rest() as pids:
        if "supervisor" in pids:
            named = {name_of(pid): pid for pid in children(pids["supervisor"])}
            pids |= {"web server": named["newsroom-web"], "worker": named["newsroom-worker"]}
        sizes = {name: pss_mib(pid) for name, pid in pids.items()}
        sizes["web workers"] = sum(pss_mib(pid) for pid in descendants(pids["web server"]))
        return sizes


def starts(*stacks: Stack) -> list[list[float]]:
    """Start each stack some times, in turn; return the seconds of each."""
    taken: list[list[float]] = [[] for _ in stacks]
    for _ in range(STARTS):
        for stack, seconds in zip(stacks, taken, strict=True):
            try:
                seconds.append(stack.start())
            finally:
                stack.stop()
    return taken


def measure() -> Chapter:
    """Start and weigh both."""
    with tempfile.TemporaryDirectory(prefix="newsroom-frugal-") as name:
        folder = Path(name)
        newsroom = NewsroomProcess(folder)
        scene.lay_out(newsroom)
        stacks = newsroom_stack(newsroom, scene.story_with_comments(newsroom, 50)), bare_stack(folder)
        return chapter(*(memory(stack) for stack in stacks), *starts(*stacks))


def chapter(
    ours: dict[str, float], bare: dict[str, float], our_starts: list[float], bare_starts: list[float]
) -> Chapter:
    """Return what was weighed and timed."""
    whole, beside = sum(ours.values()), sum(bare.values())
    start = statistics.median(our_starts)
    figures = [
        Figure(
            name="memory at rest, all processes",
            ours=whole,
            beside=beside,
            beside_name="the same apps without Newsroom",
            unit="MiB",
            goal=MOST_TIMES,
            kind="most",
        ),
        Figure(
            name="memory of the supervisor",
            ours=ours["supervisor"],
            beside=SUPERVISOR_MIB,
            beside_name="the most it may have",
            unit="MiB",
            goal=1,
            kind="most",
        ),
        Figure(
            name="`serve` to the first page",
            ours=start,
            beside=START_SECONDS,
            beside_name="the longest it may take",
            unit="s",
            goal=1,
            kind="most",
            note=f"each start took {', '.join(f'{seconds:.2f}' for seconds in our_starts)} s.",
        ),
        Figure(
            name="the same beside the other project",
            ours=start,
            beside=statistics.median(bare_starts),
            beside_name="its web server to its first page",
            unit="s",
            ratios=tuple(mine / its for mine, its in zip(our_starts, bare_starts, strict=True)),
        ),
    ]
    lines = ["| MiB (PSS) | Newsroom | without it |", "|---|---|---|"]
    for part, size in ours.items():
        lines.append(f"| {part} | {size:.1f} | {f'{bare[part]:.1f}' if part in bare else '-'} |")
    return Chapter("Memory and start", figures, lines)


if __name__ == "__main__":
    found = measure()
    print("\n".join([*table(found.figures), "", *found.lines]))
