"""The first start of a service: forked before the supervisor takes over, its child all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from newsroom.management.commands import serve
from newsroom.serving.web import freeze
from tests.machine import free_port
from tests.run import clean_environment
from tests.serving.procs import ROOT, children, eventually, is_alive

# Becomes a supervisor over one service; each start of it notes how, and who it is.
BECOME = """
import os, pathlib, sys, time
from newsroom.serving import launch
note = pathlib.Path(sys.argv[1])
def run(how):
    with note.open("a") as file: file.write(f"{how} {os.getpid()}\\n")
    while True: time.sleep(0.05)
again = "import os, sys, time; open(sys.argv[1], 'a').write(f'again {os.getpid()}\\\\n'); time.sleep(60)"
service = {"name": "work", "argv": [sys.executable, "-c", again, str(note)], "patience": 5}
what = {"services": [service], "address": ["127.0.0.1", int(sys.argv[2])], "announcement": "", "greeting": None}
launch.become_supervisor(pathlib.Path.cwd(), what, {"work": lambda: run("forked")}, threads=1)
"""

LOAD = """
import threading
import newsroom.wsgi
from django.db import connections
print(threading.active_count(), len([one for one in connections.all(initialized_only=True) if one.connection]))
"""


def test_forked_service_is_supervised_as_any_other(tmp_path: Path) -> None:
    """It leads a session, is started again by its command when it was killed, and ends with the supervisor."""
    note = tmp_path / "note"
    supervisor = subprocess.Popen([sys.executable, "-c", BECOME, str(note), str(free_port())], cwd=ROOT)
    try:
        how, forked = eventually(lambda: note.exists() and note.read_text().split())
        assert how == "forked"
        assert os.getsid(int(forked)) == int(forked)
        assert children(supervisor.pid) == [int(forked)]
        os.kill(int(forked), signal.SIGKILL)
        how, again = eventually(lambda: note.read_text().split()[2:])
        assert (how, is_alive(int(forked))) == ("again", False)
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(5) == 0
        assert not is_alive(int(again))
    finally:
        supervisor.kill()
        supervisor.wait()


def test_forked_service_dies_with_a_killed_supervisor(tmp_path: Path) -> None:
    note = tmp_path / "note"
    supervisor = subprocess.Popen([sys.executable, "-c", BECOME, str(note), str(free_port())], cwd=ROOT)
    _, forked = eventually(lambda: note.exists() and note.read_text().split())
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: not is_alive(int(forked)))


@pytest.mark.django_db
def test_migrations_are_known_by_their_files() -> None:
    assert serve.migrations_on_disk() == MigrationLoader(connection).disk_migrations.keys()


def test_loading_the_site_starts_nothing_that_a_fork_would_lose(tmp_path: Path) -> None:
    """No thread runs and no connection is open: the workers would have neither, and believe they had."""
    own = {"NEWSROOM_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "newsroom.settings.embedded"}
    command = [sys.executable, "-W", "ignore", "-c", LOAD]
    said = subprocess.run(command, cwd=ROOT, env=clean_environment() | own, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout.split() == ["1", "0"]


def test_nothing_is_forked_beside_a_thread() -> None:
    """Whatever the thread waits for, the other process has it without the thread."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="pool-1-worker-0")
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="pool-1-worker-0"):
            freeze()
    finally:
        over.set()
        thread.join()
