"""`make run` as a newcomer, a developer and an operator meet it, on a copy of the working tree."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.machine import free_port
from tests.serving.procs import descendants, eventually, fetch, is_alive

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 120
# Generous, as other stages run beside this one: a set-up done again would take longer. The figure is in
# docs/performance.md.
SECOND_START_SECONDS = 15


@dataclass
class Clone:
    """A copy of the tree with a history of its own, and one `make run` in it."""

    root: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def var(self) -> Path:
        """Where it writes."""
        return self.root / "var"

    def git(self, *arguments: str) -> None:
        """Run git in the copy, as nobody in particular."""
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True)

    def start(self) -> float:
        """Run `make run` until the site answers; return the seconds it took."""
        ours = ("HOST", "SITE_URL", "NEWSROOM_VAR", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL")
        began = time.monotonic()
        with (self.root / ".run.log").open("wb") as log:
            self.process = subprocess.Popen(
                ["make", "run", f"PORT={self.port}", f"PYTHON={sys.executable}"],
                cwd=self.root,
                env={name: value for name, value in os.environ.items() if name not in ours},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(lambda: self.process.poll() is not None or fetch(self.port, "/healthz"), START_SECONDS)
        assert self.process.poll() is None, self.said()
        seconds = time.monotonic() - began
        eventually(lambda: "Ctrl-C" in self.said())
        return seconds

    def said(self) -> str:
        """Return what it printed."""
        return (self.root / ".run.log").read_text()

    def press_ctrl_c(self) -> None:
        """Send what a terminal sends: SIGINT to every process in the foreground."""
        self._end(lambda pid: os.killpg(pid, signal.SIGINT))

    def terminate(self) -> None:
        """Send SIGTERM to make alone, as a service manager may."""
        self._end(lambda pid: os.kill(pid, signal.SIGTERM))

    def _end(self, send) -> None:
        everyone = descendants(self.process.pid)
        assert len(everyone) >= 4, "a supervisor, a web server, its workers and the work"
        send(self.process.pid)
        self.process.wait(20)
        eventually(lambda: not any(is_alive(pid) for pid in everyone))

    def leave_pictures_uncut(self) -> None:
        """Drop the queued tasks that cut the demo's pictures: a minute of work, and files written at any moment."""
        with sqlite3.connect(self.var / "newsroom.sqlite3") as database:
            database.execute("DELETE FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%render_task'")
        database.close()

    def written(self) -> dict[str, tuple[int, int]]:
        """Return size and time of all it wrote but the database, which the running site itself writes to."""
        return {
            str(path.relative_to(self.var)): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in sorted(self.var.rglob("*"))
            if path.is_file() and "sqlite3" not in path.name and path.name != "setup.lock"
        }


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    root = tmp_path / "clone"
    root.mkdir()
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in names.stdout.splitlines():
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
    # The packages need no second install; everything else is new.
    (root / ".venv").symlink_to(sys.prefix)
    with (root / ".gitignore").open("a") as ignored:
        ignored.write("/.venv\n/.run.log\n")
    clone = Clone(root)
    clone.git("init", "--quiet")
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--message", "A newsroom")
    yield clone
    if clone.process is not None and clone.process.poll() is None:
        for pid in [*descendants(clone.process.pid), clone.process.pid]:
            os.kill(pid, signal.SIGKILL)
        clone.process.wait()


def test_newcomer_developer_and_operator(clone: Clone) -> None:
    clone.start()
    assert "<html" in fetch(clone.port)
    assert fetch(clone.port, "/admin/")
    log_ins = clone.var / "demo-logins.txt"
    assert log_ins.stat().st_mode & 0o777 == 0o600
    assert log_ins.read_text().rstrip() in clone.said()
    assert f"http://127.0.0.1:{clone.port}/admin/" in clone.said()
    assert (clone.var / "newsroom.sqlite3").stat().st_mode & 0o007 == 0
    clone.press_ctrl_c()
    clone.leave_pictures_uncut()

    before = clone.written()
    seconds = clone.start()
    assert seconds < SECOND_START_SECONDS
    assert clone.written() == before
    assert "Migrating" not in clone.said()
    clone.terminate()

    edited = clone.root / "newsroom" / "static" / "edited.css"
    edited.write_text("p { color: red }")
    clone.start()
    assert "edited.css" in json.loads((clone.var / "static" / "staticfiles.json").read_text())["paths"]
    assert not (clone.var / "backups").exists(), "an edit is no update"
    clone.terminate()

    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--message", "An update")
    clone.start()
    [backup] = (clone.var / "backups").iterdir()
    with sqlite3.connect(backup) as database:
        assert database.execute("SELECT count(*) FROM articles_article").fetchone()[0] > 0
    database.close()
    assert log_ins.stat().st_mtime_ns == before["demo-logins.txt"][1], "the demo is loaded once"
    clone.press_ctrl_c()
