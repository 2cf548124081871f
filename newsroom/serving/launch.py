"""The first start of the services: forked from a process that has Django loaded already.

`manage.py serve` has to load Django in order to check the site. What it serves with begins as a copy of it, so it
loads nothing a second time, and all of them share what was loaded. The supervisor, which needs none of it, takes the
process over by exec and finds the services running as its children; one that falls over later starts by its command.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from newsroom.serving.processes import die_with_parent
from newsroom.serving.web import freeze

Program = Callable[[], object]


def fork(program: Program) -> int:
    """Start a program as the supervisor would, in a session of its own; return its process id."""
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    die_with_parent(parent)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    program()
    sys.exit()


def become_supervisor(base: Path, what: dict[str, Any], programs: Mapping[str, Program], *, threads: int) -> NoReturn:
    """Start the plan's services by `programs` (by name), then replace this process, Django and all, by the supervisor.

    No connection to a database may be open: the services would share it.
    """
    os.chdir(base)
    os.environ["WEB_THREADS"] = str(threads)
    freeze()
    for service in what["services"]:
        if program := programs.get(service["name"]):
            service["pid"] = fork(program)
    # -S: the supervisor needs no installed package, so it skips looking for any.
    os.execv(sys.executable, [sys.executable, "-S", "-m", "newsroom.serving.supervisor", json.dumps(what)])
