"""Runs the programs of this folder, each in a newsroom of its own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from tests.exactness import ROOT
from tests.journeys.newsroom_process import NewsroomProcess
from tests.machine import create_database


@contextlib.contextmanager
def empty_newsroom(var: Path, server: str = "") -> Iterator[NewsroomProcess]:
    """Yield a newsroom with nothing in it, on SQLite, or in a database of its own on the PostgreSQL at `server`."""
    if not server:
        yield NewsroomProcess(var)
        return
    name = f"exactness_{uuid.uuid4().hex[:12]}"
    yield NewsroomProcess(var, create_database(server, name))
    drop_database(server, name)


def drop_database(server: str, name: str) -> None:
    """Remove a database, whoever is left in it."""
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]  # our own constant


def run(newsroom: NewsroomProcess, program: str, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run one of the programs here; return its exit code and what it printed."""
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.exactness.settings",
        "SITE_URL": newsroom.url,
        "EMAIL_URL": "dummymail://",
        "ACCESS_LOG_SAMPLE": "0",
        "PAGE_CACHE_SHARED_SECONDS": "60",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"tests.exactness.{program}", *arguments],
        cwd=ROOT,
        env={**newsroom.environment, **own, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
