"""Background work: django-tasks with the lease, the deadline and the retries it does not have.

A task is a row written in the transaction that wants it done, so it exists if and only if that transaction commits.
`manage.py work` runs it at least once: tasks must be idempotent.
"""

from __future__ import annotations

import functools
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, ParamSpec, TypeVar

import django_tasks
from django_tasks.base import Task, TaskResult

P = ParamSpec("P")
T = TypeVar("T")


class DeadlineExceeded(Exception):
    """A task ran longer than it may."""


class Abandoned(Exception):
    """A task was given up because its workers kept dying under it; stands in the row of such a task."""


@dataclass(frozen=True)
class Policy:
    """How often a task is tried again after an error, and how long one try may take."""

    retries: int = 3
    deadline_seconds: int = 60
    # First pause; each further one is four times as long: 10 s, 40 s, 160 s.
    backoff: timedelta = timedelta(seconds=10)

    def pause(self, attempts: int) -> timedelta:
        """Return how long to wait after the given number of attempts, an hour at most."""
        factor: int = 4 ** max(attempts - 1, 0)
        return min(self.backoff * factor, timedelta(hours=1))


DEFAULT_POLICY = Policy()


def task(
    *, retries: int = DEFAULT_POLICY.retries, deadline_seconds: int = DEFAULT_POLICY.deadline_seconds, priority: int = 0
) -> Callable[[Callable[P, T]], Task[P, T]]:
    """Make a module-level function a task. Its arguments must be JSON; pass ids, not objects."""

    def decorate(function: Callable[P, T]) -> Task[P, T]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            with deadline(deadline_seconds):
                return function(*args, **kwargs)

        run.policy = Policy(retries=retries, deadline_seconds=deadline_seconds)  # type: ignore[attr-defined]
        return django_tasks.task(priority=priority)(run)

    return decorate


def policy_of(task: Any) -> Policy:
    """Return a task's policy; the default for tasks of other packages."""
    policy = getattr(task.func, "policy", DEFAULT_POLICY)
    return policy if isinstance(policy, Policy) else DEFAULT_POLICY


def enqueue(task: Task[P, T], *args: Any, run_after: datetime | None = None, **kwargs: Any) -> TaskResult[T]:
    """Write the row that has `task` run, not before `run_after`; call it in the transaction that wants the effect."""
    return (task.using(run_after=run_after) if run_after else task).enqueue(*args, **kwargs)


@contextmanager
def deadline(seconds: int) -> Iterator[None]:
    """Raise DeadlineExceeded in the block after `seconds`.

    By SIGALRM, so only in the main thread, where the worker runs tasks; elsewhere there is no deadline. A task that
    hangs in C code and never sees the signal is ended by the worker's watchdog.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(_signum: int, _frame: FrameType | None) -> None:
        raise DeadlineExceeded(f"Not done within {seconds} s.")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
