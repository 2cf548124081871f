"""One JSON line for some requests: those that failed or were slow, and a sample of the rest.

No line holds an address, a query, a name or a browser: it is kept to see how the site does, not who reads it.
"""

from __future__ import annotations

import contextlib
import json
import queue
import random
import sys
import threading
import time
from collections.abc import Callable

SLOW_SECONDS = 1.0
LONGEST_PATH = 200
MOST_UNWRITTEN = 1000
# Addresses that end in a secret which opens something: a new password, a reader's receipt.
SECRET_BELOW = ("/accounts/password/reset/key/", "/accounts/invitation/", "/komentar/terkirim/")


class Writer:
    """Writes lines to standard output in a thread of its own: whoever reads them slowly, or not at all, delays nobody.

    What comes too fast to be written, and what is not written when the process ends, is lost.
    """

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def __call__(self, line: str) -> None:
        """Have a line written."""
        if self._thread is None:
            self._start()
        if self._lines.qsize() < MOST_UNWRITTEN:
            self._lines.put(line)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            line = self._lines.get()
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.write(line)
                sys.stdout.flush()


def without_secret(path: str) -> str:
    """Return the path, cut where a secret begins."""
    for beginning in SECRET_BELOW:
        if path.startswith(beginning):
            return f"{beginning}..."
    return path


class AccessLog:
    """`sample` is the share of ordinary requests that are written down, from 0 to 1."""

    def __init__(self, sample: float, write: Callable[[str], None] | None = None) -> None:
        self._sample = sample
        self._write = write or Writer()

    def note(self, request_id: str, method: str, path: str, status: int, seconds: float) -> None:
        """Write the request down when it failed, took long, or is part of the sample."""
        if status < 500 and seconds < SLOW_SECONDS and random.random() >= self._sample:
            return
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "request": request_id,
            "method": method[:10],
            # WSGI hands bytes over as if they were Latin-1.
            "path": without_secret(path)[:LONGEST_PATH].encode("latin-1", "replace").decode("utf-8", "replace"),
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        self._write(json.dumps(line) + "\n")
