"""The worker behind `manage.py work`: runs tasks, sends mail, and keeps house."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import Error, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from newsroom.core import leases, postman, purging, ratelimit, reaper, sessions, surfaces
from newsroom.core.tasks import DEFAULT_POLICY, policy_of

logger = logging.getLogger(__name__)

# How long past its deadline a task may hang before the worker ends itself.
HANG_SECONDS = 30
# Finished tasks are kept this long, for the desk's health page.
KEEP_RESULTS = timedelta(days=14)
KEEP_SURFACES = timedelta(hours=24)


@dataclass
class Chore:
    """Something the worker does every so often between tasks; one that fails is logged and tried again next time."""

    every_seconds: float
    do: Callable[[datetime], object]
    # Reading of time.monotonic() at which it is due; the first time at once.
    due: float = field(default=0.0)

    def run_if_due(self) -> None:
        """Do it when its time has come."""
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + self.every_seconds
        try:
            self.do(timezone.now())
        except Exception:
            logger.exception("A chore of the worker failed.")


class DeskWorker(Worker):
    """django-tasks-db's worker under a lease, with retries at once and a stop that loses nothing."""

    def __init__(self, *, batch: bool = False, interval: float = 0.5) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            # The library's loop returns when nothing is left; ours goes on after the chores.
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.is_batch = batch
        self._overdue_at: float | None = None
        self.heart = leases.Heart(self.worker_id, lambda: self._overdue_at)
        self.chores = [
            Chore(5, reaper.reap),
            Chore(1, lambda at: postman.deliver(at, worker_id=self.worker_id, is_stopping=lambda: not self.running)),
            Chore(15, postman.recover),
            Chore(600, housekeeping),
        ]
        if settings.CDN:
            self.chores.append(Chore(1, purging.Purger(settings.CDN)))

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the present task; a second signal interrupts it, and it will be run again."""
        if not self.running:
            self.reset_signals()
            raise SystemExit(1)
        self.running = False

    def work(self) -> None:
        """Run until stopped; with `batch`, until nothing is left that is due."""
        self.configure_signals()
        self.heart.start()
        try:
            while self.running:
                self._round()
                if self.is_batch:
                    break
                self._rest()
        finally:
            self.heart.stop()

    def _round(self) -> None:
        """Do the chores, then every task that is due."""
        try:
            close_old_connections()
            for chore in self.chores:
                if self.running:
                    chore.run_if_due()
            if self.running:
                self.run()
        except Error:
            # The database is away; what was claimed is put back by the reaper once it answers again.
            logger.exception("The database does not answer; trying again.")

    def _rest(self) -> None:
        """Sleep for the interval, in steps short enough for a signal to be obeyed at once."""
        end = time.monotonic() + self.interval
        while self.running and time.monotonic() < end:
            time.sleep(0.05)

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        """Run one task and, when it failed, have it tried again as its policy says."""
        try:
            policy = policy_of(db_task_result.task)
        except (ImportError, SuspiciousOperation):
            policy = DEFAULT_POLICY
        self._overdue_at = time.monotonic() + policy.deadline_seconds + HANG_SECONDS
        try:
            super().run_task(db_task_result)
        finally:
            self._overdue_at = None
        if db_task_result.status == "FAILED":
            reaper.retry(db_task_result, timezone.now())


def housekeeping(at: datetime) -> None:
    """Delete what nobody needs any more."""
    surfaces.prune(before=at - KEEP_SURFACES)
    ratelimit.prune(at=at)
    leases.prune(at)
    sessions.prune(at=at)
    postman.prune(at)
    DBTaskResult.objects.finished().filter(finished_at__lt=at - KEEP_RESULTS).delete()
