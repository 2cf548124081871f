"""The thread that follows the log, polls on demand, and forks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from django.conf import settings

from newsroom.core.pagecache.readers import NOTHING, News
from newsroom.core.pagecache.state import State
from newsroom.core.pagecache.store import Store
from newsroom.core.pagecache.watch import Watch


class Gate:
    """A reader whose polls wait to be let through."""

    def __init__(self) -> None:
        self.inside, self.go_on = threading.Event(), threading.Event()
        self.polls = 0

    def poll(self) -> News:
        self.polls += 1
        self.inside.set()
        assert self.go_on.wait(5)
        return NOTHING

    def close(self) -> None:
        pass


def test_the_thread_starts_with_the_first_request_and_polls_by_itself() -> None:
    gate = Gate()
    watch = Watch(gate, State(Store(1)), has_thread=True)
    assert watch._thread is None
    watch.start()
    assert gate.inside.wait(5)
    assert watch._thread is not None
    assert watch._thread.daemon
    # A poll that hangs holds nobody up.
    assert not watch.look()
    gate.go_on.set()
    assert watch.force_poll()
    assert watch.look()


def test_a_poll_that_began_before_it_was_asked_for_does_not_serve() -> None:
    gate = Gate()
    watch = Watch(gate, State(Store(1)), has_thread=False)
    first = threading.Thread(target=watch.force_poll)
    first.start()
    assert gate.inside.wait(5)
    second = threading.Thread(target=watch.force_poll)
    second.start()
    gate.go_on.set()
    first.join(5)
    second.join(5)
    assert gate.polls == 2


FORK = """
import os, sys
import django
django.setup()
from tests.core.pagecache.scene import Site
site = Site()
site.get("/a")
held = site.cache.state.lock
held.acquire()
child = os.fork()
if not child:
    site.get("/a")
    os._exit(0 if len(site.renders) == 2 and len(site.cache.store) == 1 else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_begins_anew_whatever_was_locked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK],
        timeout=30,
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings.test"},
        cwd=settings.BASE_DIR,
    )
    assert done.returncode == 0
