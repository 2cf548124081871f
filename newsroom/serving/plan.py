"""Which programs `manage.py serve` runs, and with which limits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

WEB_WORKERS = 2
WEB_THREADS = 8
# Seconds. The web server kills its own processes after the first; the supervisor kills the web server after the
# second, and the worker, which finishes the task in hand, after the third.
WORKER_KILL_SECONDS = 10
WEB_PATIENCE_SECONDS = 15.0
WORK_PATIENCE_SECONDS = 25.0
# Bytes of request line and headers a connection may hold.
HEADER_BYTES = 64 * 1024


def web_command(host: str, port: int, *, workers: int, threads: int) -> list[str]:
    """Return the command line of the web server."""
    return [
        *(sys.executable, "-m", "newsroom.serving.web", "newsroom.wsgi:application"),
        *("--host", host.strip("[]"), "--port", str(port)),
        *("--workers", str(workers), "--threads", str(threads)),
    ]


def work_command(base: Path) -> list[str]:
    """Return the command line of the worker."""
    return [sys.executable, str(base / "manage.py"), "work"]


def plan(
    base: Path,
    host: str,
    port: int,
    *,
    workers: int,
    threads: int,
    work: bool,
    announcement: str,
    greeting: Path | None = None,
) -> dict[str, Any]:
    """Return what the supervisor is to do."""
    services = [
        {
            "name": "web",
            "argv": web_command(host, port, workers=workers, threads=threads),
            "patience": WEB_PATIENCE_SECONDS,
        }
    ]
    if work:
        services.append({"name": "worker", "argv": work_command(base), "patience": WORK_PATIENCE_SECONDS})
    probe = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host.strip("[]"), host.strip("[]"))
    return {
        "services": services,
        "address": [probe, port],
        "announcement": announcement,
        "greeting": str(greeting) if greeting else None,
    }
