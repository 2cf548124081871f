"""Starts supervisors with real services, looks at the processes below them, and kills by process id."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsroom.serving import plan
from tests.machine import free_port
from tests.serving.plain_site import THREADS

ROOT = Path(__file__).resolve().parent.parent.parent


def eventually(what: Callable[[], Any], seconds: float = 10.0, why: str = "") -> Any:
    """Return the first true answer; fail when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.02)
    raise AssertionError(why or f"not within {seconds} s")


def is_alive(pid: int) -> bool:
    """Whether a process runs; a dead one nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """Return the processes a process started, oldest first."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found.append(int(stat.parent.name))
    return sorted(found)


def descendants(pid: int) -> list[int]:
    """Return all that came of a process."""
    return [each for child in children(pid) for each in [child, *descendants(child)]]


def name_of(pid: int) -> str:
    """Return what a process calls itself, "" when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def resident_kib(pid: int) -> int:
    """Return the memory a process holds."""
    match = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert match
    return int(match[1])


@dataclass
class Supervised:
    """A supervisor over some services, the first of which may be a web server on `port`."""

    services: list[dict[str, Any]]
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the supervisor exactly as `manage.py serve` does."""
        what = {
            "services": self.services,
            "address": ["127.0.0.1", self.port],
            "announcement": "ready",
            "greeting": None,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-S", "-m", "newsroom.serving.supervisor", json.dumps(what)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        assert self.process is not None
        return self.process.pid

    def said(self) -> str:
        """Return what supervisor and services have printed."""
        return self.log.read_text()

    def service(self, number: int) -> int:
        """Return the process id of a service by its place in the order of starting."""
        return int(eventually(lambda: children(self.pid)[number:])[0])

    def ends(self, seconds: float) -> int:
        """Wait for the supervisor's end and return its exit code."""
        assert self.process is not None
        return self.process.wait(seconds)

    def clean_up(self) -> None:
        """Leave nothing behind, whatever the test did."""
        everyone = [*descendants(self.pid), self.pid] if self.process else []
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process:
            self.process.wait()


def script(text: str, *arguments: str) -> list[str]:
    """Return the command line of a small service."""
    return [sys.executable, "-c", text, *arguments]


def service(name: str, argv: list[str], patience: float = 5.0) -> dict[str, Any]:
    """Return a service as the plan describes it."""
    return {"name": name, "argv": argv, "patience": patience}


def plain_web(port: int, workers: int = 1) -> dict[str, Any]:
    """Return the real web server before the plain site, with all the flags of the product."""
    argv = plan.web_command("127.0.0.1", port, workers=workers, threads=THREADS)
    argv[argv.index("newsroom.wsgi:application")] = "tests.serving.plain_site:application"
    return service("web", argv, plan.WEB_PATIENCE_SECONDS)


@contextlib.contextmanager
def supervised(folder: Path, services: list[dict[str, Any]], port: int | None = None) -> Iterator[Supervised]:
    """Run a supervisor for the length of a test."""
    running = Supervised(services, folder / "log", **({"port": port} if port else {}))
    running.start()
    try:
        yield running
    finally:
        running.clean_up()


def fetch(port: int, path: str = "/", timeout: float = 5.0) -> str:
    """Return what the site answers, "" when it does not."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=timeout) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""
