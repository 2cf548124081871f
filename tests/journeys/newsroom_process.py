"""A whole newsroom for browser journeys: the real `manage.py serve` on a free port, with data of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Cutting all of the demo's pictures takes a minute of a core; the first ones are those of the front page.
CUT_SOME = """
from django_tasks_db.models import DBTaskResult
queued = DBTaskResult.objects.filter(task_path__endswith="render_task", status="READY")
later = list(queued.order_by("enqueued_at").values_list("pk", flat=True)[{some}:])
queued.filter(pk__in=later).delete()
"""
START_SECONDS = 40
STOP_SECONDS = 20


def free_port() -> int:
    """Return a TCP port of the loopback address that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class NewsroomProcess:
    """One served newsroom. `var` holds all it writes; `database_url` means production settings on PostgreSQL."""

    var: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The site's address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every command of this newsroom."""
        own = {
            "NEWSROOM_VAR": str(self.var),
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.embedded",
        }
        if self.database_url:
            own |= {
                "DJANGO_SETTINGS_MODULE": "newsroom.settings.production",
                "DATABASE_URL": self.database_url,
                "SITE_URL": self.url,
                "EMAIL_URL": "consolemail://",
                # Their people have no telephone; tests/accounts walks through the second factor.
                "SECOND_FACTOR_REQUIRED": "0",
                "SECRET_KEY": "only-for-journeys-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            }
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SITE_URL"}}
        return kept | own

    def manage(self, *arguments: str) -> str:
        """Run one management command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def set_up(self) -> None:
        """Migrate, collect the static files, load the demo newsroom."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.manage("demo")
        # What pictures look like is looked at on one database.
        self.manage("shell", "--no-imports", "-c", CUT_SOME.format(some=0 if self.database_url else 6))

    def start(self) -> None:
        """Serve until `stop`; returns when the site answers."""
        with (self.var / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the newsroom did not start:\n{(self.var / 'serve.log').read_text()}")

    def stop(self) -> None:
        """End the supervisor by its process id; it ends web and worker."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def log_ins(self) -> dict[str, str]:
        """Return the demo accounts' passwords by user name, as the demo wrote them down."""
        text = next(self.var.glob("demo-logins*")).read_text()
        return dict(re.findall(r"^\s*(ada|ed|mo|kepala|admin)\s+(\S+)", text, flags=re.MULTILINE))
