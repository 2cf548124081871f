"""The web server: granian over an application that is loaded once, before its workers are forked from it.

They share what they have loaded instead of holding it twice, and one that was killed is replaced at once. So new code
needs a new start; granian's own reload by SIGHUP would serve the old.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from argparse import ArgumentParser
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from newsroom.serving.plan import HEADER_BYTES, WORKER_KILL_SECONDS
from newsroom.serving.processes import die_with_parent, name_process, share_arenas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed.wsgi import WSGIApplication

# Of memory, for all threads of a worker: measured, a tenth less under mixed load than one for each.
ARENAS = 2


def load(target: str) -> WSGIApplication:
    """Return the application that `target` ("module:name") names."""
    module, _, name = target.partition(":")
    application: WSGIApplication = getattr(import_module(module), name)
    return application


def load_in_worker(target: str, server: int) -> WSGIApplication:
    """Return the application in a worker of the process `server`: it would go on serving beside the next server.

    Until granian takes SIGTERM over, it ends the worker: what the server does on one was copied with the rest of it.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent(server, signal.SIGKILL)
    return load(target)


def freeze() -> None:
    """Make ready to be forked: the collector would write to every page it looks at, and then none is shared.

    Raises RuntimeError when a thread runs, such as those of a pool of connections: a fork has the sockets without it.
    """
    if others := [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]:
        raise RuntimeError(f"Threads run that a fork would lose: {', '.join(others)}.")
    gc.collect()
    gc.freeze()


def main(arguments: Sequence[str]) -> None:
    """Serve until told to stop; `arguments` are those of `plan.web_command`.

    Without the kill timeout a few slow request bodies keep granian from ending; without respawning a killed worker
    takes the site down.
    """
    parser = ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("--host", required=True)
    for name in ("--port", "--workers", "--threads"):
        parser.add_argument(name, type=int, required=True)
    asked = parser.parse_args(arguments)
    name_process("newsroom-web")
    share_arenas(ARENAS)
    # As in manage.py: what is loaded now stays.
    gc.set_threshold(10_000)
    if sys.platform == "linux":
        # Not the default of newer Pythons. No thread runs yet, and each worker starts its own.
        multiprocessing.set_start_method("fork", force=True)
        load(asked.target)
        freeze()
    Granian(
        asked.target,
        address=asked.host,
        port=asked.port,
        interface=Interfaces.WSGI,
        workers=asked.workers,
        blocking_threads=asked.threads,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=HEADER_BYTES),
        websockets=False,
        workers_kill_timeout=WORKER_KILL_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels.error,
    ).serve(target_loader=partial(load_in_worker, asked.target, os.getpid()), wrap_loader=False)


if __name__ == "__main__":
    main(sys.argv[1:])
