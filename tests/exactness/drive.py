"""Drives a newsroom before two web processes: `python -m tests.exactness.drive --seed 1 --seconds 10`.

One writer acts at random and notes after each commit what Django, with no cache, makes of the pages; readers ask both
processes all the while. The environment names an empty database, as for any served newsroom.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from articles.refusals import Refusal  # noqa: E402
from comments.moderation.desk import DeskError  # noqa: E402
from newsroom.serving import plan  # noqa: E402
from tests.exactness import ROOT  # noqa: E402
from tests.exactness.acts import ACTS  # noqa: E402
from tests.exactness.pages import Cold, at_moments  # noqa: E402
from tests.exactness.readers import Reader  # noqa: E402
from tests.exactness.timeline import SECONDS, Read, Stale, Timeline, Version  # noqa: E402
from tests.exactness.world import World  # noqa: E402
from tests.factories import person  # noqa: E402
from tests.machine import free_port  # noqa: E402

NOTHING_TO_DO = (Refusal, DeskError, IndexError)
PROCESSES, READERS = 2, 2
# Seconds before a moment at which something begins or ends, in which nobody writes: which came first would be unclear.
CLEAR = 0.3


@contextlib.contextmanager
def web_processes(host_port: int) -> Iterator[list[int]]:
    """Serve the newsroom from two processes that know nothing of each other; yields their ports."""
    ports = [free_port() for _ in range(PROCESSES)]
    started = []
    for port in ports:
        command = plan.web_command("127.0.0.1", port, workers=1, threads=8)
        command[command.index("newsroom.wsgi:application")] = "tests.exactness.web:application"
        started.append(subprocess.Popen(command, cwd=ROOT))
    try:
        for port in ports:
            wait_for(port, host_port)
        yield ports
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()


def wait_for(port: int, host_port: int) -> None:
    """Return when a process answers."""
    deadline = time.monotonic() + 40
    ask = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": f"127.0.0.1:{host_port}"})
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(ask, timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError("A web process did not start.")


class Driver:
    """The one writer, and what it knows to be true."""

    def __init__(self, seed: int, most_pages: int, host_port: int, acts: list[str]) -> None:
        self.seed = seed
        # What it draws from; where there is nothing to do it on, it takes any other.
        self.names = sorted(acts or ACTS)
        self.most_pages = most_pages
        self.random = random.Random(seed)
        self.world = World(seed, lambda: datetime.now(UTC))
        self.world.set_up()
        self.cold = Cold("127.0.0.1", host_port)
        self.timeline = Timeline()
        self.timeline.pulse.start()
        self.settled = time.time()
        self.acts = 0
        self.note("the beginning", self.settled, self.settled)

    def watched(self) -> list[str]:
        """Return the addresses that are looked at."""
        return self.world.some_addresses(self.most_pages)

    def note(self, what: str, earliest: float, latest: float) -> None:
        """Look at all pages as they stand since `latest`; nothing secret may stand there."""
        at = datetime.fromtimestamp(latest, UTC)
        shots = {address: self.cold(address, at=at) for address in self.watched()}
        for address, shot in shots.items():
            if found := [word for word in self.world.secrets(at) if word in shot.body]:
                raise Stale(f"{address} shows {found} after {what}")
        self.timeline.add(Version(what, earliest, latest, shots))

    def settle(self) -> None:
        """Note what began or ended by itself, and wait while that is about to happen."""
        while True:
            now = time.time()
            ahead = sorted(moment.timestamp() for moment in self.world.moments())
            known = max(self.settled, self.timeline.versions[-1].latest)
            for moment in [moment for moment in ahead if known < moment <= now]:
                self.note(f"{moment:.3f} has come", moment, moment)
            self.settled = now
            soon = [moment for moment in ahead if now < moment < now + CLEAR]
            if not soon and not [moment for moment in ahead if now < moment <= time.time()]:
                return
            time.sleep(max(0.0, soon[-1] - time.time()) + 0.01 if soon else 0)

    def act(self, name: str, *, linger: float = 0.0, lock_seconds: float = 0.0) -> bool:
        """Do one act, in a transaction that is held open for a while; False when there was nothing to do it on."""
        self.settle()
        before = time.time()
        try:
            with transaction.atomic():
                if lock_seconds and connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute(f"SET LOCAL lock_timeout = '{int(lock_seconds * 1000)}ms'")
                ACTS[name](self.world)
                if linger:
                    time.sleep(linger)
                    before = time.time()
        except (*NOTHING_TO_DO, DatabaseError) as error:
            if isinstance(error, DatabaseError) and not lock_seconds:
                raise
            return False
        self.done(name, before)
        return True

    def done(self, name: str, before: float) -> None:
        """Note an act that is committed."""
        after = time.time()
        self.acts += 1
        self.world.steps.append(f"{after:.3f} {name}")
        self.note(name, before, after)

    def act_around(self, name: str, others: list[str]) -> None:
        """Begin an act, do others and commit them, and only then commit the first one."""
        begun, release, ended = threading.Event(), threading.Event(), threading.Event()
        commit: list[float] = []

        def hold() -> None:
            try:
                with transaction.atomic():
                    ACTS[name](self.world)
                    begun.set()
                    release.wait()
                    commit.append(time.time())
            except NOTHING_TO_DO:
                pass
            finally:
                begun.set()
                ended.set()
                connection.close()

        thread = threading.Thread(target=hold)
        thread.start()
        begun.wait()
        for other in others:
            self.act(other, lock_seconds=0.2)
        # The pages that it changes may depend on moments that only now become known.
        self.settle()
        release.set()
        ended.wait()
        thread.join()
        if commit:
            self.done(f"{name} (held)", commit[0])

    def round(self) -> None:
        """Act a few times, then let the promised second pass."""
        names = self.random.choices(self.names, k=self.random.randint(1, 3))
        if connection.vendor == "postgresql" and self.random.random() < 0.5:
            self.act_around(names[0], names[1:] or [self.random.choice(sorted(ACTS))])
        else:
            for name in names:
                while not self.act(name, linger=self.random.choice([0.0, 0.0, 0.3])):
                    name = self.random.choice(sorted(ACTS))
                time.sleep(self.random.uniform(0, 0.2))
        time.sleep(max(0.0, self.timeline.versions[-1].latest + SECONDS + 0.05 - time.time()))
        self.settle()


def run(driver: Driver, ports: list[int], host_port: int, seconds: float) -> int:
    """Write and read for so long; return how many reads were judged. Raises Stale."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person("ed"))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    readers = [Reader(driver.seed + number, ports, host_port, cookie) for number in range(READERS)]
    stop = threading.Event()
    threads = [threading.Thread(target=reader.read_until, args=(stop,)) for reader in readers]
    judged = 0
    for reader in readers:
        reader.addresses = driver.watched()
    try:
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            driver.round()
            reads: list[Read] = [read for reader in readers for read in reader.take()]
            reads += [read for process in range(PROCESSES) for read in readers[0].sweep(process, driver.watched())]
            driver.settle()
            for read in reads:
                driver.timeline.judge(read)
            judged += len(reads)
            for reader in readers:
                reader.addresses = driver.watched()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return judged


def main() -> int:
    """Run once; print the seed and the steps of what failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--acts", nargs="+", choices=sorted(ACTS), default=[])
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    host_port = int(settings.SITE_URL.rpartition(":")[2])
    with at_moments():
        driver = Driver(given.seed, given.pages, host_port, given.acts)
        with web_processes(host_port) as ports:
            try:
                judged = run(driver, ports, host_port, given.seconds)
            except Stale as stale:
                print(f"seed {given.seed}\n" + "\n".join(driver.world.steps) + f"\n{stale}")
                return 1
    lost = sum(waited for _at, waited in driver.timeline.pulse.late)
    states = len(driver.timeline.versions)
    print(f"seed {given.seed}: {driver.acts} acts, {states} states, {judged} reads; stood still for {lost:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
