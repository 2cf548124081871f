"""The supervisor over small real programs: starts, restarts, stops, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from newsroom.serving.supervisor import Inherited, Service
from tests.serving.procs import children, descendants, eventually, is_alive, resident_kib, script, service, supervised

# Notes each signal it gets, and ends on SIGTERM after a moment.
POLITE = """
import signal, sys, time, pathlib
note = pathlib.Path(sys.argv[1])
def end(number, frame):
    with note.open("a") as file: file.write("%d\\n" % number)
    time.sleep(0.5)
    sys.exit(0)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, end)
note.touch()
while True: time.sleep(0.05)
"""
STUBBORN = """
import signal, sys, time, pathlib
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""
# A master that waits for a child of its own, as the web server does.
PARENT = """
import subprocess, sys, pathlib
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
child.wait()
"""


def test_one_signal_reaches_each_service_and_the_end_is_clean(tmp_path: Path) -> None:
    notes = [tmp_path / "a", tmp_path / "b"]
    with supervised(tmp_path, [service(note.name, script(POLITE, str(note))) for note in notes]) as running:
        eventually(lambda: all(note.exists() for note in notes))
        pids = children(running.pid)
        running.process.send_signal(signal.SIGINT)
        running.process.send_signal(signal.SIGINT)
        assert running.ends(5) == 0
        assert not any(is_alive(pid) for pid in pids)
        assert [note.read_text().split() for note in notes] == [[str(int(signal.SIGTERM))]] * 2


def test_a_terminal_that_closes_ends_the_site_unless_nohup_says_otherwise(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with supervised(tmp_path, [service("a", script(POLITE, str(tmp_path / "a")))]) as running:
            eventually((tmp_path / "a").exists)
            running.process.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            assert running.process.poll() is None
            running.process.send_signal(signal.SIGTERM)
            assert running.ends(5) == 0
    finally:
        signal.signal(signal.SIGHUP, before)
    with supervised(tmp_path, [service("b", script(POLITE, str(tmp_path / "b")))]) as running:
        eventually((tmp_path / "b").exists)
        running.process.send_signal(signal.SIGHUP)
        assert running.ends(5) == 0


def test_each_service_leads_a_session_of_its_own(tmp_path: Path) -> None:
    with supervised(tmp_path, [service("a", script(POLITE, str(tmp_path / "a")))]) as running:
        pid = running.service(0)
        assert os.getsid(pid) == pid != os.getsid(running.pid)


def test_second_signal_kills_what_does_not_stop(tmp_path: Path) -> None:
    note = tmp_path / "stubborn"
    with supervised(tmp_path, [service("stubborn", script(STUBBORN, str(note)), patience=60)]) as running:
        eventually(note.exists)
        pid = running.service(0)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(1.2)
        assert is_alive(pid)
        running.process.send_signal(signal.SIGTERM)
        assert running.ends(5) == 1
        assert not is_alive(pid)


def test_patience_ends(tmp_path: Path) -> None:
    note = tmp_path / "stubborn"
    with supervised(tmp_path, [service("stubborn", script(STUBBORN, str(note)), patience=0.5)]) as running:
        eventually(note.exists)
        pid = running.service(0)
        running.process.send_signal(signal.SIGTERM)
        assert running.ends(5) == 0
        assert not is_alive(pid)
        assert "did not stop within 0.5 s" in running.said()


def test_killed_service_is_started_again(tmp_path: Path) -> None:
    services = [service(name, script(POLITE, str(tmp_path / name))) for name in "ab"]
    with supervised(tmp_path, services) as running:
        eventually(lambda: len(children(running.pid)) == 2)
        first, other = children(running.pid)
        os.kill(first, signal.SIGKILL)
        eventually(lambda: len([pid for pid in children(running.pid) if pid != first]) == 2)
        assert is_alive(other)
        assert "a ended (SIGKILL); starting it again in 0.5 s." in running.said()


def test_waits_grow_while_a_service_fails(tmp_path: Path) -> None:
    services = [service("good", script(POLITE, str(tmp_path / "good"))), service("bad", script("raise SystemExit(3)"))]
    with supervised(tmp_path, services) as running:
        eventually(lambda: running.said().count("bad ended (exit code 3)") == 3)
        assert [line.rsplit(" ", 2)[1] for line in running.said().splitlines() if "bad ended" in line] == [
            "0.5",
            "1",
            "2",
        ]


def test_first_service_that_never_answers_ends_the_attempt(tmp_path: Path) -> None:
    services = [service("web", script("raise SystemExit(7)")), service("good", script(POLITE, str(tmp_path / "good")))]
    with supervised(tmp_path, services) as running:
        assert running.ends(10) == 1
        assert "web ended 3 times before it answered; giving up." in running.said()


def test_orphans_of_a_killed_service_are_killed(tmp_path: Path) -> None:
    note = tmp_path / "child"
    with supervised(tmp_path, [service("parent", script(PARENT, str(note)))]) as running:
        orphan = int(eventually(lambda: note.exists() and note.read_text()))
        os.kill(running.service(0), signal.SIGKILL)
        eventually(lambda: not is_alive(orphan))


@pytest.mark.parametrize("is_inherited", [False, True])
def test_where_ends_cannot_be_foreseen_orphans_are_killed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_inherited: bool
) -> None:
    """As on macOS, whose Python had no `waitid` before 3.13."""
    monkeypatch.delattr(os, "waitid")
    note = tmp_path / "child"
    running = Service("parent", script(PARENT, str(note)), patience=1)
    running.start(time.monotonic())
    started = running.process
    assert isinstance(started, subprocess.Popen)
    running.process = Inherited(started.pid) if is_inherited else started
    orphan = int(eventually(lambda: note.exists() and note.read_text()))
    assert not running.has_ended()
    os.kill(started.pid, signal.SIGKILL)
    eventually(running.has_ended)
    started.returncode = running.process.returncode
    assert started.returncode == -signal.SIGKILL
    eventually(lambda: not is_alive(orphan))


def test_killed_supervisor_takes_its_services_along(tmp_path: Path) -> None:
    notes = [tmp_path / "a", tmp_path / "b"]
    with supervised(tmp_path, [service(note.name, script(POLITE, str(note))) for note in notes]) as running:
        eventually(lambda: all(note.exists() for note in notes))
        pids = descendants(running.pid)
        running.process.kill()
        eventually(lambda: not any(is_alive(pid) for pid in pids))
        assert all(note.read_text() for note in notes)


def test_supervisor_is_small(tmp_path: Path) -> None:
    with supervised(tmp_path, [service("a", script(POLITE, str(tmp_path / "a")))]) as running:
        eventually((tmp_path / "a").exists)
        assert resident_kib(running.pid) < 16 * 1024
