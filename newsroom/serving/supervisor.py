"""Keeps the web server and the worker running, and ends them together.

Runs for as long as the site does, so it needs the standard library alone (11 MiB where a Django process takes 47).
Each service leads a session of its own: Ctrl-C reaches the supervisor only, which passes one SIGTERM on. The kernel
sends the same SIGTERM to a service whose supervisor was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from functools import partial

from newsroom.serving.processes import die_with_parent, kill_group

# Neither `typing` nor `dataclasses`: each costs this process a megabyte.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Programs that pass a signal on (make, container runtimes) may deliver one keystroke twice; the same signal within
# this many seconds is the same wish.
SAME_WISH_SECONDS = 1.0
FIRST_DELAY_SECONDS = 0.5
# Longer pauses would spare a machine little and keep readers waiting after the cause is gone.
LONGEST_DELAY_SECONDS = 10.0
# A service that ran this long had started well: its next exit begins with the shortest delay again.
STEADY_SECONDS = 60.0
TRIES_BEFORE_READY = 3


class Inherited:
    """A child that runs since before this program replaced the one that started it; looks like a `Popen` of it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode = 0

    def wait(self) -> None:
        """Wait for its end."""
        self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def poll(self) -> int | None:
        """Return its exit code when it has ended, and give its number back; else None."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if not pid:
            return None
        self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def terminate(self) -> None:
        """Ask it to end. Its number is its own until `wait` has given it back."""
        os.kill(self.pid, signal.SIGTERM)


class Service:
    """One program to keep running; `patience` is the seconds between SIGTERM and SIGKILL, `pid` whether it runs."""

    def __init__(self, name: str, argv: list[str], patience: float, pid: int = 0) -> None:
        self.name = name
        self.argv = argv
        self.patience = patience
        self.process: subprocess.Popen[bytes] | Inherited | None = Inherited(pid) if pid else None
        self.started_at = time.monotonic()
        self.start_after = 0.0
        self.exits_in_a_row = 0

    def start(self, at: float) -> None:
        """Run the program in a session of its own."""
        self.started_at = at
        self.process = subprocess.Popen(
            self.argv,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509  (safe: one thread)
        )

    def has_ended(self) -> bool:
        """Whether the program is gone; what it left of its session is killed before its id is given back."""
        if self.process is None:
            return False
        if not hasattr(os, "waitid"):
            # macOS before Python 3.13. Where a session has left anything, its id is nobody else's: POSIX gives none out
            # that still names a group.
            if self.process.poll() is None:
                return False
            kill_group(self.process.pid)
            return True
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        if os.waitid(os.P_PID, self.process.pid, flags) is None:
            return False
        kill_group(self.process.pid)
        self.process.wait()
        return True

    def kill(self) -> None:
        """End it at once, with all it started."""
        assert self.process is not None
        kill_group(self.process.pid)

    def delay(self, at: float) -> float:
        """Return how long to wait before the next start, doubling with each quick exit."""
        self.exits_in_a_row = 1 if at - self.started_at >= STEADY_SECONDS else self.exits_in_a_row + 1
        return min(FIRST_DELAY_SECONDS * (1 << min(self.exits_in_a_row - 1, 10)), LONGEST_DELAY_SECONDS)


class Keeper:
    """Starts services, starts again what exits, ends all on a signal."""

    def __init__(self, services: list[Service]) -> None:
        self.services = services
        self.stopping_since: float | None = None
        self.exit_code = 0
        self._wakeup = os.pipe()

    def run(self) -> int:
        """Serve until told to stop; return the exit code."""
        self._listen_for_signals()
        while True:
            now = time.monotonic()
            self._reap(now)
            if self.stopping_since is None:
                self._start_due(now)
            elif not self._running():
                return self.exit_code
            else:
                self._kill_the_late(now)
            for signum in self._wait(self.pause()):
                if signum in STOP_SIGNALS:
                    self.stop(time.monotonic())

    def pause(self) -> float:
        """Return the seconds until the next look at the services; the end of one is seen at once."""
        if self.stopping_since is not None:
            return 0.1
        due = [service.start_after for service in self.services if service.process is None]
        return min(1.0, max(0.0, min(due) - time.monotonic())) if due else 1.0

    def ended(self, service: Service, code: int, delay: float) -> None:
        """Say that a service ended by itself and starts again after `delay` seconds."""
        say(f"{service.name} ended ({describe(code)}); starting it again in {delay:g} s.")

    def stop(self, now: float) -> None:
        """Ask all services to end; at the second wish, kill them."""
        if self.stopping_since is None:
            self.stopping_since = now
            for service in self._running():
                assert service.process is not None
                service.process.terminate()
        elif now - self.stopping_since >= SAME_WISH_SECONDS:
            say("Second signal: killing what still runs.")
            self.exit_code = 1
            for service in self._running():
                service.kill()

    def _listen_for_signals(self) -> None:
        for end in self._wakeup:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wakeup[1], warn_on_full_buffer=False)
        for signum in (*STOP_SIGNALS, signal.SIGCHLD):
            if signum == signal.SIGHUP and signal.getsignal(signum) == signal.SIG_IGN:
                # As nohup has it: the site outlives the terminal it was started from.
                continue
            # A handler must exist for the number to reach the pipe; the work is done in the loop.
            signal.signal(signum, lambda *_: None)

    def _wait(self, seconds: float) -> Iterable[int]:
        select.select([self._wakeup[0]], [], [], seconds)
        try:
            return os.read(self._wakeup[0], 512)
        except BlockingIOError:
            return b""

    def _running(self) -> list[Service]:
        return [service for service in self.services if service.process is not None]

    def _reap(self, now: float) -> None:
        for service in self.services:
            if service.process is None or not service.has_ended():
                continue
            code = service.process.returncode
            service.process = None
            if self.stopping_since is None:
                delay = service.delay(now)
                service.start_after = now + delay
                self.ended(service, code, delay)

    def _start_due(self, now: float) -> None:
        for service in self.services:
            if service.process is None and now >= service.start_after:
                service.start(now)

    def _kill_the_late(self, now: float) -> None:
        assert self.stopping_since is not None
        for service in self._running():
            if now - self.stopping_since > service.patience:
                say(f"{service.name} did not stop within {service.patience:g} s; killing it.")
                service.kill()


class Supervisor(Keeper):
    """Keeps the services of the site.

    `address` is where the first service answers; once it does, the announcement is printed, and after it the text of
    the file `greeting`: a file, as it may hold passwords and others can list a command line.
    """

    def __init__(
        self, services: list[Service], address: tuple[str, int], announcement: str, greeting: str | None
    ) -> None:
        super().__init__(services)
        self.address = address
        self.announcement = announcement
        self.greeting = greeting
        self.ready = False

    def pause(self) -> float:
        """Announce the site when it answers, and look more often until then."""
        if self.stopping_since is None and not self.ready and answers(*self.address):
            self.ready = True
            say(self.announcement + self._read_greeting())
        return super().pause() if self.ready else 0.1

    def ended(self, service: Service, code: int, delay: float) -> None:
        """Give up where the site never answered."""
        super().ended(service, code, delay)
        if service is self.services[0] and not self.ready and service.exits_in_a_row >= TRIES_BEFORE_READY:
            say(f"{service.name} ended {TRIES_BEFORE_READY} times before it answered; giving up. See above for why.")
            self.exit_code = 1
            self.stop(time.monotonic())

    def _read_greeting(self) -> str:
        if self.greeting is not None:
            with contextlib.suppress(OSError), open(self.greeting, encoding="utf-8") as file:
                return f"\n\n{file.read().rstrip()}"
        return ""


def answers(host: str, port: int) -> bool:
    """Whether an HTTP server answers there, whatever it says."""
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=0.5) as connection:
        connection.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return connection.recv(5) == b"HTTP/"
    return False


def describe(code: int) -> str:
    """Return an exit code as people say it."""
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def say(text: str) -> None:
    """Print at once; a reader that went away is no reason to stop serving."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


def main(plan: dict[str, Any]) -> int:
    """Run the plan the serve command wrote (see `plan.py`)."""
    services = [Service(**service) for service in plan["services"]]
    return Supervisor(services, tuple(plan["address"]), plan["announcement"], plan["greeting"]).run()


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
