"""One process of the web server: an event loop for the connections, threads for the application."""

from __future__ import annotations

import asyncio
import gc
import importlib
import importlib.util
import logging
import os
import resource
import signal
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import uvicorn

from newsroom.serving.accesslog import AccessLog
from newsroom.serving.bodies import Bodies, Limits
from newsroom.serving.bridge import Bridge
from newsroom.serving.connection import Connection, Patience
from newsroom.serving.front import Front
from newsroom.serving.hosts import Hosts
from newsroom.serving.lane import Lane
from newsroom.serving.plan import WORKER_KILL_SECONDS
from newsroom.serving.pool import Pool

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIApplication

# Requests that wait for a thread, beyond those the threads have in hand.
MOST_WAITING = 1000
# Files a process has open beside its connections, at most: databases, logs, large bodies.
OTHER_FILES = 256
# Before the parent kills: what is answered until then is answered whole.
GRACE_SECONDS = WORKER_KILL_SECONDS - 2
# At the end, for letting in who is at the door: uvloop takes one a turn, and while all threads work its turns are few.
DOOR_SECONDS = 1.0
# After how many new containers, and rounds of the younger, each generation is looked through for cycles. The last has
# little in it, as what was loaded is frozen; with ten and ten it would wait for a million, and half a minute of mixed
# work leaves thirty thousand (measured).
COLLECT_AFTER = (10_000, 5, 2)
LOOP: Any = "uvloop" if importlib.util.find_spec("uvloop") else "asyncio"

# Left to uvicorn, each process would load them for itself.
for module in ("uvicorn.lifespan.off", f"uvicorn.loops.{LOOP}"):
    importlib.import_module(module)


def patience() -> Patience:
    """Return the usual patience, with as many connections as this process may have open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return Patience(most=max(1, min(Patience.most, files - OTHER_FILES)))


class Server(uvicorn.Server):
    """uvicorn's, with an eye on its connections; `tick` is called about once a second."""

    def __init__(self, config: uvicorn.Config, tick: Callable[[], object]) -> None:
        super().__init__(config)
        self._tick = tick

    async def on_tick(self, counter: int) -> bool:
        """Do what is to be done now and then; return whether to end. Called ten times a second."""
        if counter % 10 == 0:
            self._tick()
            now = time.monotonic()
            for connection in list(self.server_state.connections):
                assert isinstance(connection, Connection)
                connection.tend(now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End. Who is at the door by now is let in and listened to first, and so answered."""
        deadline = time.monotonic() + DOOR_SECONDS
        before = -1
        while before != len(self.server_state.connections) and time.monotonic() < deadline:
            before = len(self.server_state.connections)
            for _ in range(3):
                await asyncio.sleep(0)
        await super().shutdown(sockets)


def uvicorn_config(bridge: Bridge, **more: Any) -> uvicorn.Config:
    """Return what uvicorn is told about the site: ASGI 3 and HTTP alone, as nothing here starts or speaks otherwise."""
    return uvicorn.Config(
        bridge,
        interface="asgi3",
        lifespan="off",
        ws="none",
        # The site has rules of its own about which proxy to believe.
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        **more,
    )


def serve(application: WSGIApplication, listener: socket.socket, *, threads: int) -> None:
    """Serve until SIGTERM, then end the process, whatever its threads are doing."""
    for signum in (signal.SIGTERM, signal.SIGINT):
        # uvicorn takes both over, and raises them again when it is done.
        signal.signal(signum, lambda *_: os._exit(0))
    gc.set_threshold(*COLLECT_AFTER)
    # What it has to say of requests, the access log says.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    # One that says nothing of itself is served all the same.
    site = application if isinstance(application, Front) else Front(application, hosts=Hosts(["*"]), log=AccessLog(0.0))
    port = listener.getsockname()[1]
    lane = Lane(site.cache, hosts=site.hosts, log=site.log, port=port) if site.cache else None
    bridge = Bridge(
        application,
        pool=Pool(threads, most_waiting=MOST_WAITING),
        bodies=Bodies(site.limits or Limits(at_once=max(1, threads // 2))),
        most_bytes=site.most_bytes,
        refuse=site.refusing,
    )
    protocol: Any = partial(Connection, answer=lane.answer if lane else lambda _data: None, patience=patience())
    config = uvicorn_config(bridge, http=protocol, loop=LOOP, timeout_graceful_shutdown=GRACE_SECONDS)
    Server(config, lane.tick if lane else lambda: None).run(sockets=[listener])
    os._exit(0)
