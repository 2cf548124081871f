"""Signs of life of workers, and what happens to the work of those that give none."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error, close_old_connections, connection
from django.utils import timezone

from newsroom.core.models import WorkerLease

logger = logging.getLogger(__name__)

# A worker beats every BEAT_SECONDS and counts as dead LEASE_SECONDS after its last beat. The gap outlasts the 20 s for
# which a beat may wait for SQLite's lock.
BEAT_SECONDS = 5
LEASE_SECONDS = 30


def live_workers(at: datetime) -> set[str]:
    """Return the ids of workers whose lease is fresh at `at`."""
    fresh = WorkerLease.objects.filter(heartbeat_at__gt=at - timedelta(seconds=LEASE_SECONDS))
    return set(fresh.values_list("worker_id", flat=True))


def beat(worker_id: str, at: datetime) -> None:
    """Write the worker's sign of life."""
    WorkerLease.objects.update_or_create(worker_id=worker_id, defaults={"heartbeat_at": at})


def release(worker_id: str) -> None:
    """End the lease of a worker that has stopped, so that what it left is taken up at once."""
    WorkerLease.objects.filter(worker_id=worker_id).delete()


def prune(at: datetime) -> int:
    """Delete leases dead for an hour; return how many. The worker id in a task row is enough to know it as dead."""
    deleted, _ = WorkerLease.objects.filter(heartbeat_at__lt=at - timedelta(hours=1)).delete()
    return deleted


class Heart(threading.Thread):
    """Beats a worker's lease from a daemon thread with a database connection of its own.

    It is also the watchdog: when the running task is past the moment `overdue_at` names and the deadline's signal has
    not ended it (a hang in C code), the process ends itself, and another worker takes the task up.
    """

    def __init__(self, worker_id: str, overdue_at: Callable[[], float | None]) -> None:
        super().__init__(name="heart", daemon=True)
        self.worker_id = worker_id
        # Reading of time.monotonic() past which the present task counts as hanging; None while no task runs.
        self.overdue_at = overdue_at
        self._stopped = threading.Event()

    def start(self) -> None:
        """Write the first beat before anything is claimed in this worker's name, then go on in the background."""
        beat(self.worker_id, timezone.now())
        super().start()

    def run(self) -> None:
        try:
            while not self._stopped.wait(BEAT_SECONDS):
                self._beat_once()
        finally:
            connection.close()

    def _beat_once(self) -> None:
        overdue = self.overdue_at()
        if overdue is not None and time.monotonic() > overdue:
            logger.critical("The running task ignores its deadline; this worker ends itself.")
            os._exit(70)
        try:
            close_old_connections()
            beat(self.worker_id, timezone.now())
        except Error:
            # The next beat may succeed; until then the lease ages as it should.
            logger.warning("The lease could not be renewed.", exc_info=True)

    def stop(self) -> None:
        """End the thread and the lease."""
        self._stopped.set()
        self.join(timeout=BEAT_SECONDS)
        release(self.worker_id)
