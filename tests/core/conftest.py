"""Workers as processes of their own, on the database of the test."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

WorkerProcess = subprocess.Popen[str]
Start = Callable[..., WorkerProcess]


def wait_until(condition: Callable[[], Any], *, seconds: float = 60) -> Any:
    """Return what `condition` returns once that is true; fail when it takes too long."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.02)
    return result


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """Give the URL of the test's database, which other processes can open.

    SQLite's test database lives in this process's memory: it is copied to a file, to which this process turns as well.
    """
    own = connections["default"]
    if own.vendor == "postgresql":
        config = own.settings_dict
        yield f"postgres://{config['USER']}@{config['HOST']}:{config['PORT']}/{config['NAME']}"
        return
    path = tmp_path / "shared.sqlite3"
    own.ensure_connection()
    with sqlite3.connect(path) as copy:
        own.connection.backup(copy)
    copy.close()
    connections["default"] = type(own)({**own.settings_dict, "NAME": str(path)}, "default")
    try:
        yield f"sqlite:///{path}"
    finally:
        connections["default"].close()
        connections["default"] = own


@pytest.fixture
def start_worker(shared_database: str) -> Iterator[Start]:
    """Give a function that starts `manage.py work` with the arguments given, environment variables by keyword."""
    started: list[WorkerProcess] = []

    def start(*arguments: str, **environment: str) -> WorkerProcess:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "work", "--interval", "0.05", *arguments],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "newsroom.settings.test",
                "DATABASE_URL": shared_database,
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
