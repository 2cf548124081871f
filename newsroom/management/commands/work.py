"""`manage.py work`: background tasks, mail and housekeeping, on as many hosts as wanted."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles import replies, sweeping, visits
from comments import retention
from newsroom.core.worker import Chore, DeskWorker
from newsroom.serving.processes import name_process


class Command(BaseCommand):
    """Run tasks and send mail until SIGTERM or Ctrl-C."""

    help = "Run background tasks, send mail and keep house, until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--batch", action="store_true", help="do what is due now, then exit")
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks at an empty queue")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        name_process("newsroom-worker")
        worker = DeskWorker(batch=options["batch"], interval=options["interval"])
        worker.chores.append(Chore(3600, lambda at: retention.drop_hashes(at=at)))
        worker.chores.append(Chore(3600, lambda at: replies.forget(at=at)))
        worker.chores.append(Chore(6 * 3600, lambda at: sweeping.sweep(at=at)))
        worker.chores.append(Chore(6 * 3600, lambda at: visits.forget(at=at)))
        worker.work()
