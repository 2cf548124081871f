"""What becomes of tasks whose try ended badly: once more, or failed for good."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from newsroom.core import leases
from newsroom.core.tasks import DEFAULT_POLICY, Policy, policy_of

logger = logging.getLogger(__name__)

# Tries that ended because the worker did, not because of an error, are free up to this many: a task that itself kills
# its worker must not come back for ever.
FREE_INTERRUPTIONS = 5
# What Ctrl-C or a second SIGTERM leave behind: the task was interrupted, nothing is wrong with it.
INTERRUPTIONS = ("builtins.SystemExit", "builtins.KeyboardInterrupt")
# Failed rows older than this are left alone: they were seen to when they failed.
LOOK_BACK = timedelta(days=1)


def reap(at: datetime) -> int:
    """Put back what a dead worker left running and what may be tried again; return how many tasks.

    A row counts as abandoned when the last of its `worker_ids` holds no live lease, never by its age: a long task is
    not a dead one. Every change is a compare-and-swap on (status, worker_ids), so that of two reapers, or of a reaper
    and a worker that finishes after all, one wins.
    """
    revived = 0
    running = list(DBTaskResult.objects.running())
    # Read after the rows: a worker writes its lease before it claims, so whoever claimed one of them is in here.
    alive = leases.live_workers(at) if running else set()
    for row in running:
        if not row.worker_ids or row.worker_ids[-1] not in alive:
            revived += put_back(row, at, interrupted=True)
    for row in DBTaskResult.objects.failed().filter(finished_at__gt=at - LOOK_BACK):
        revived += retry(row, at)
    return revived


def retry(row: DBTaskResult[Any, Any], at: datetime) -> bool:
    """Have a task that failed tried again, unless its tries are used up; say whether."""
    return put_back(row, at, interrupted=row.exception_class_path in INTERRUPTIONS)


def put_back(row: DBTaskResult[Any, Any], at: datetime, *, interrupted: bool) -> bool:
    """Make `row`, as it was read, ready again, unless its tries are used up or it has changed since; say whether."""
    attempts = len(row.worker_ids)
    policy = _policy(row)
    if attempts >= 1 + policy.retries + (FREE_INTERRUPTIONS if interrupted else 0):
        if row.status == TaskResultStatus.RUNNING:
            _give_up(row, at)
        return False
    run_after = at + policy.pause(attempts)
    if interrupted:
        # At once: the far date is the queue's way of saying "no particular time".
        run_after = get_date_max()
    return _swap(row, status=TaskResultStatus.READY, run_after=run_after, finished_at=None)


def _give_up(row: DBTaskResult[Any, Any], at: datetime) -> None:
    """Fail a task that has taken its worker with it too often."""
    logger.error("Task %s (%s) ended its worker %d times; given up.", row.pk, row.task_path, len(row.worker_ids))
    _swap(row, status=TaskResultStatus.FAILED, finished_at=at, exception_class_path="newsroom.core.tasks.Abandoned")


def _swap(row: DBTaskResult[Any, Any], **changes: object) -> bool:
    """Change `row` only if nobody else has since it was read."""
    same = DBTaskResult.objects.filter(pk=row.pk, status=row.status, worker_ids=row.worker_ids)
    return same.update(**changes) == 1


def _policy(row: DBTaskResult[Any, Any]) -> Policy:
    """Return the policy of the task of `row`; the default when the code no longer has it."""
    try:
        return policy_of(row.task)
    except (ImportError, SuspiciousOperation):
        return DEFAULT_POLICY
