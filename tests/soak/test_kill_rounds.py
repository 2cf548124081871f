"""Random kills of a whole served newsroom: nothing orphaned, nothing half done, readers served again within seconds.

SOAK_ROUNDS (20) kills, drawn with SOAK_SEED, which is printed: the same seed makes the same run.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from pathlib import Path

from newsroom.serving.supervisor import LONGEST_DELAY_SECONDS
from tests.journeys.newsroom_process import NewsroomProcess
from tests.serving.procs import children, descendants, eventually, fetch, is_alive, name_of

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "20"))
# The longest pause of a part that was killed again and again, and a start on a busy machine.
BACK_SECONDS = LONGEST_DELAY_SECONDS + 15.0
# What the processes call themselves; the one started last has the highest number, whichever it is.
NAMES = {"newsroom-web": "web", "newsroom-worker": "work"}
PARTS = ("web", "work", "web worker 1", "web worker 2", "supervisor")


def victims(supervisor: int) -> dict[str, int]:
    """Return the processes to choose from by their part."""
    found = {NAMES[name]: pid for pid in children(supervisor) if (name := name_of(pid)) in NAMES}
    workers = children(found["web"]) if "web" in found else []
    return found | {f"web worker {number}": pid for number, pid in enumerate(workers, 1)}


def is_whole(supervisor: int) -> bool:
    """Say whether every part runs."""
    return len(children(supervisor)) == 2 and set(PARTS) <= {*victims(supervisor), "supervisor"}


def test_random_kills(tmp_path: Path) -> None:
    seed = int(os.environ.get("SOAK_SEED", str(random.randrange(10**6))))
    print(f"\nSOAK_SEED={seed} SOAK_ROUNDS={ROUNDS}")
    chance = random.Random(seed)
    newsroom = NewsroomProcess(tmp_path)
    newsroom.set_up()
    newsroom.start()
    waits = []
    try:
        for _ in range(ROUNDS):
            supervisor = newsroom.process.pid
            eventually(lambda supervisor=supervisor: is_whole(supervisor), BACK_SECONDS, "not every part runs again")
            part = chance.choice(PARTS)
            time.sleep(chance.uniform(0, 1))
            everyone = descendants(supervisor)
            pid = supervisor if part == "supervisor" else victims(supervisor)[part]
            os.kill(pid, signal.SIGKILL)
            began = time.monotonic()
            if part == "supervisor":
                newsroom.process.wait()
                eventually(lambda everyone=everyone: not any(is_alive(pid) for pid in everyone), BACK_SECONDS)
                newsroom.start()
            eventually(lambda: "<html" in fetch(newsroom.port), BACK_SECONDS, f"no answer after the end of {part}")
            waits.append(time.monotonic() - began)
            print(f"{part}: readers served after {waits[-1]:.2f} s")
        assert_whole(tmp_path / "newsroom.sqlite3")
    finally:
        everyone = [newsroom.process.pid, *descendants(newsroom.process.pid)]
        newsroom.stop()
    eventually(lambda: not any(is_alive(pid) for pid in everyone), BACK_SECONDS)
    print(f"{ROUNDS} kills, served again after {max(waits):.2f} s at most")


def assert_whole(path: Path) -> None:
    """The database has lost no page and no reference."""
    database = sqlite3.connect(path)
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        database.close()
