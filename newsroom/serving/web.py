"""The web server: an application that is loaded once, and the processes that answer, forked from it.

They share what was loaded instead of holding it twice, and one that was killed is replaced at once. So new code needs
a new start. docs/decisions/web-server.md says why the server is built as it is.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
import threading
from argparse import ArgumentParser
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from newsroom.serving import worker
from newsroom.serving.plan import WORKER_KILL_SECONDS
from newsroom.serving.processes import die_with_parent, name_process, share_arenas
from newsroom.serving.supervisor import STOP_SIGNALS, Inherited, Keeper, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from _typeshed.wsgi import WSGIApplication

# Of memory, for all threads of a worker: measured, a tenth less under mixed load than one for each.
ARENAS = 2
# Connections and files of one process, where the system lets it have so many.
MOST_FILES = 4096
# Connections the kernel keeps until they are taken.
BACKLOG = 2048
# Seconds a worker must have run to be replaced at once.
STEADY_SECONDS = 5.0


class Worker(Service):
    """A service that begins as a copy of this process and does `work`."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        super().__init__(name, [], WORKER_KILL_SECONDS)
        self._work = work

    def start(self, at: float) -> None:
        """Fork. No signal may come before the copy has let go of this process's own handlers."""
        self.started_at = at
        parent = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            for signum in (*STOP_SIGNALS, signal.SIGCHLD):
                signal.signal(signum, signal.SIG_DFL)
            die_with_parent(parent, signal.SIGKILL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        if not pid:
            self._work()
            os._exit(0)
        self.process = Inherited(pid)

    def kill(self) -> None:
        """End it at once; it is of this process's group."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)

    def delay(self, at: float) -> float:
        """Return how long to wait before it is replaced: not at all, unless it ends again and again."""
        return 0.0 if at - self.started_at >= STEADY_SECONDS else super().delay(at)


class Web(Keeper):
    """Keeps one worker for each of the sockets."""

    def __init__(self, application: WSGIApplication, sockets: list[socket.socket], *, threads: int) -> None:
        super().__init__(
            [Worker(f"web process {number}", partial(self._serve, one)) for number, one in enumerate(sockets, 1)]
        )
        self._application = application
        self._sockets = sockets
        self._threads = threads

    def _serve(self, mine: socket.socket) -> None:
        """Be a worker."""
        for other in self._sockets:
            if other is not mine:
                other.close()
        worker.serve(self._application, mine, threads=self._threads)

    def stop(self, now: float) -> None:
        """Let nobody else in: a connection that nobody takes would wait for the end of this process."""
        for one in self._sockets:
            one.close()
        super().stop(now)


def load(target: str) -> WSGIApplication:
    """Return the application that `target` ("module:name") names."""
    module, _, name = target.partition(":")
    application: WSGIApplication = getattr(import_module(module), name)
    return application


def freeze() -> None:
    """Make ready to be forked: the collector would write to every page it looks at, and then none is shared.

    Raises RuntimeError when a thread runs, such as those of a pool of connections: a fork has the sockets without it.
    """
    if others := [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]:
        raise RuntimeError(f"Threads run that a fork would lose: {', '.join(others)}.")
    # Nothing is collected before: that took a twentieth of a start and found ten objects.
    gc.freeze()


def listeners(host: str, port: int, number: int) -> list[socket.socket]:
    """Return a listening socket for each of so many workers.

    Linux spreads connections over sockets of one address; each stays open here, so that what waits at the one of a
    killed worker is answered by its successor. Elsewhere they all take from one.
    """
    family, kind, proto, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    is_spread = sys.platform == "linux"
    found = []
    for _ in range(number if is_spread else 1):
        one = socket.socket(family, kind, proto)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_spread:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind(where)
        one.listen(BACKLOG)
        found.append(one)
    return found * (number // len(found))


def allow_files(most: int) -> None:
    """Let this process and its children have so many open files, if the system does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main(arguments: Sequence[str]) -> int:
    """Serve until told to stop; `arguments` are those of `plan.web_command`."""
    parser = ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--host", required=True)
    for name in ("--port", "--workers", "--threads"):
        parser.add_argument(name, type=int, required=True)
    asked = parser.parse_args(arguments)
    name_process("newsroom-web")
    share_arenas(ARENAS)
    allow_files(MOST_FILES)
    # As in manage.py: what is loaded now stays.
    gc.set_threshold(10_000)
    application = load(asked.target)
    freeze()
    return Web(application, listeners(asked.host, asked.port, asked.workers), threads=asked.threads).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
