"""The smallest site behind the front layer, for tests that need a real server and not a whole newsroom."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from newsroom.serving.accesslog import AccessLog
from newsroom.serving.bodies import Limits
from newsroom.serving.front import Front
from newsroom.serving.hosts import Hosts

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

THREADS = 4
GRACE_SECONDS = 1.0
LEAST_BYTES = 20_000
MOST_BYTES = 100_000


def site(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Say who answers, or how much arrived; `/slow` takes its time, `/busy` the processor too, `/large` is 20 MB."""
    body = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else b""
    if environ["PATH_INFO"] == "/slow":
        time.sleep(1)
    if environ["PATH_INFO"] == "/busy":
        until = time.thread_time() + 0.3
        while time.thread_time() < until:
            pass
    if environ["PATH_INFO"] == "/large":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"x" * 100_000 for _ in range(200))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {len(body)}".encode()]


application = Front(
    site,
    hosts=Hosts(["localhost", "127.0.0.1"]),
    log=AccessLog(0.0),
    most_bytes={"": MOST_BYTES},
    limits=Limits(
        at_once=THREADS // 2,
        forms=THREADS // 2,
        grace_seconds=GRACE_SECONDS,
        least_bytes_per_second=LEAST_BYTES,
        patience_seconds=0.1,
    ),
)
