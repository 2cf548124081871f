"""Tasks run at least once, are tried again, and survive the death of their worker."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from newsroom.core import leases, reaper, tasks
from newsroom.core.models import WorkerLease
from newsroom.core.worker import DeskWorker
from tests.core import sample_tasks
from tests.core.conftest import Start, wait_until

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[DeskWorker]:
    """Give a worker that runs in this process and leaves its signals alone."""
    worker = DeskWorker(batch=True)
    leases.beat(worker.worker_id, timezone.now())
    return worker


def only_row() -> DBTaskResult:
    return DBTaskResult.objects.get()


def test_a_task_runs_if_and_only_if_its_transaction_commits(worker: DeskWorker) -> None:
    with transaction.atomic():
        tasks.enqueue(sample_tasks.work, "kept")
    with transaction.atomic():
        tasks.enqueue(sample_tasks.work, "dropped")
        transaction.set_rollback(True)
    worker.run()
    assert (sample_tasks.count("kept"), sample_tasks.count("dropped")) == (1, 0)
    assert only_row().status == "SUCCESSFUL"


def test_a_task_waits_for_its_moment(worker: DeskWorker) -> None:
    tasks.enqueue(sample_tasks.work, "later", run_after=timezone.now() + timedelta(hours=1))
    worker.run()
    assert only_row().status == "READY"
    DBTaskResult.objects.update(run_after=timezone.now() - timedelta(seconds=1))
    worker.run()
    assert sample_tasks.count("later") == 1


def test_a_failing_task_is_tried_again_after_growing_pauses_and_then_given_up(worker: DeskWorker) -> None:
    tasks.enqueue(sample_tasks.fail, "x")
    for pause in (10, 40):
        worker.run()
        row = only_row()
        assert row.status == "READY"
        assert abs((row.run_after - timezone.now()).total_seconds() - pause) < 5
        DBTaskResult.objects.update(run_after=timezone.now())
    worker.run()
    row = only_row()
    assert (row.status, row.exception_class_path, sample_tasks.count("x")) == ("FAILED", "builtins.ValueError", 3)
    assert reaper.reap(timezone.now()) == 0


def test_a_task_is_ended_at_its_deadline(worker: DeskWorker) -> None:
    tasks.enqueue(sample_tasks.dawdle)
    began = timezone.now()
    worker.run()
    assert timezone.now() - began < timedelta(seconds=5)
    assert only_row().exception_class_path == "newsroom.core.tasks.DeadlineExceeded"


def test_an_interrupted_task_runs_again_at_once_but_not_for_ever(worker: DeskWorker) -> None:
    tasks.enqueue(sample_tasks.leave, "x")
    worker.run()
    assert sample_tasks.count("x") == 1 + reaper.FREE_INTERRUPTIONS
    assert only_row().status == "FAILED"


def running(worker_id: str, attempts: int = 1) -> DBTaskResult:
    """Return a row as a worker leaves it that claimed it."""
    tasks.enqueue(sample_tasks.work, "x")
    DBTaskResult.objects.update(status="RUNNING", started_at=AT, worker_ids=["old"] * (attempts - 1) + [worker_id])
    return only_row()


@pytest.mark.django_db
def test_the_reaper_spares_a_live_worker_however_old_the_task() -> None:
    running("alive")
    leases.beat("alive", AT + timedelta(days=3))
    assert reaper.reap(AT + timedelta(days=3, seconds=5)) == 0
    assert only_row().status == "RUNNING"


@pytest.mark.django_db
@pytest.mark.parametrize("beats", [[], [timedelta(0)]])
def test_the_reaper_puts_back_what_a_dead_worker_left(beats: list[timedelta]) -> None:
    running("dead")
    for beat in beats:
        leases.beat("dead", AT + beat)
    at = AT + timedelta(seconds=leases.LEASE_SECONDS + 1)
    assert reaper.reap(at) == 1
    row = only_row()
    assert (row.status, row.worker_ids) == ("READY", ["dead"])
    assert DBTaskResult.objects.ready().exists()


@pytest.mark.django_db
def test_of_a_reaper_and_a_worker_that_finishes_after_all_one_wins() -> None:
    stale = running("slow")
    only_row().set_successful(None)
    assert not reaper.put_back(stale, AT, interrupted=True)
    assert only_row().status == "SUCCESSFUL"


@pytest.mark.django_db
def test_two_reapers_put_a_row_back_once() -> None:
    seen_by_both = running("dead")
    assert reaper.put_back(seen_by_both, AT, interrupted=True)
    assert not reaper.put_back(seen_by_both, AT, interrupted=True)


@pytest.mark.django_db
def test_a_task_that_keeps_killing_its_workers_is_given_up() -> None:
    running("dead", attempts=1 + tasks.DEFAULT_POLICY.retries + reaper.FREE_INTERRUPTIONS)
    assert reaper.reap(AT) == 0
    row = only_row()
    assert (row.status, row.exception_class_path) == ("FAILED", "newsroom.core.tasks.Abandoned")


@pytest.mark.django_db
def test_a_task_whose_code_is_gone_fails_and_harms_nobody(worker: DeskWorker) -> None:
    tasks.enqueue(sample_tasks.work, "x")
    DBTaskResult.objects.update(task_path="tests.core.sample_tasks.gone")
    worker.run()
    assert only_row().exception_class_path == "builtins.ImportError"


def test_worker_ends_at_once_when_idle_and_leaves_no_lease(start_worker: Start) -> None:
    process = start_worker()
    wait_until(WorkerLease.objects.exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert not WorkerLease.objects.exists()


def test_worker_finishes_its_task_before_it_ends(start_worker: Start, tmp_path: Path) -> None:
    tasks.enqueue(sample_tasks.linger, "x", str(tmp_path / "marker"), 1.0)
    process = start_worker()
    wait_until((tmp_path / "marker").exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert (sample_tasks.count("x"), only_row().status) == (1, "SUCCESSFUL")


def test_a_second_signal_interrupts_the_task_and_it_is_kept(start_worker: Start, tmp_path: Path) -> None:
    tasks.enqueue(sample_tasks.linger, "x", str(tmp_path / "marker"), 60)
    process = start_worker()
    wait_until((tmp_path / "marker").exists)
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: process.poll() is not None or process.send_signal(signal.SIGTERM))
    # Further signals may end the worker before it has put the task back; whoever looks next does it then.
    reaper.reap(timezone.now())
    assert (sample_tasks.count("x"), only_row().status) == (0, "READY")


def test_what_a_killed_worker_left_is_run_by_another(start_worker: Start, tmp_path: Path) -> None:
    tasks.enqueue(sample_tasks.linger, "x", str(tmp_path / "marker"), 60)
    process = start_worker()
    wait_until((tmp_path / "marker").exists)
    process.kill()
    process.wait()
    assert only_row().status == "RUNNING"
    # Half a minute later, without waiting for it.
    WorkerLease.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=leases.LEASE_SECONDS))
    assert start_worker("--batch").wait(timeout=60) == 0
    row = only_row()
    assert (sample_tasks.count("x"), row.status, len(row.worker_ids)) == (1, "SUCCESSFUL", 2)


@pytest.mark.django_db
@pytest.mark.parametrize(("overdue_since", "ended"), [(None, []), (-5.0, []), (5.0, [70])])
def test_a_worker_whose_task_hangs_past_its_deadline_ends_itself(
    monkeypatch: pytest.MonkeyPatch, overdue_since: float | None, ended: list[int]
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(leases.os, "_exit", codes.append)
    overdue_at = None if overdue_since is None else time.monotonic() - overdue_since
    leases.Heart("w", lambda: overdue_at)._beat_once()
    assert codes == ended
