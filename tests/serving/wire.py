"""The server's end of a connection without a network: bytes in, bytes out, on an event loop of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from email.utils import formatdate
from typing import Any

from uvicorn.server import ServerState

from newsroom.serving.accesslog import AccessLog
from newsroom.serving.bodies import Bodies, Limits
from newsroom.serving.bridge import Bridge
from newsroom.serving.connection import Connection, Patience
from newsroom.serving.front import Front
from newsroom.serving.hosts import Hosts
from newsroom.serving.pool import Pool
from newsroom.serving.worker import uvicorn_config

Application = Callable[[dict[str, Any], Any], Any]

LIMITS = Limits(
    at_once=1, larger=2, grace_seconds=0.2, least_bytes_per_second=100_000, patience_seconds=0.05, drain_bytes=1000
)
# Differ from one answer to the next.
PASSING = re.compile(rb"(?<=\r\n)(date|x-request-id): [^\r]+", re.ASCII)


class Wire(asyncio.Transport):
    """Takes what the server writes; `is_stuck` stands for a client that does not read."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.is_stuck = False
        self.is_paused = False
        self.is_closed = False
        self.is_aborted = False
        self.protocol: Connection

    def write(self, data: Any) -> None:
        self.written += data

    def get_write_buffer_size(self) -> int:
        return len(self.written) if self.is_stuck else 0

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"sockname": ("127.0.0.1", 8000), "peername": ("192.0.2.7", 4000)}.get(name, default)

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        """End it when all that was written is taken."""
        if not self.is_closed and not self.get_write_buffer_size():
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)
        self.is_closed = True

    def abort(self) -> None:
        if not self.is_aborted:
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)
        self.is_aborted = self.is_closed = True

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False

    def statuses(self) -> list[int]:
        """Return the status of each answer so far."""
        return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", self.written)]


class Server:
    """Connections to an application; with `answer`, some are answered from it. Inside a running loop only."""

    def __init__(
        self,
        application: Application,
        *,
        answer: Callable[[bytes], bytes | None] | None = None,
        refuse: Callable[[str], Any] | None = None,
        threads: int = 2,
        most_waiting: int = 100,
        patience: Patience | None = None,
        most_bytes: int = 3 * 2**20,
    ) -> None:
        bridge = Bridge(
            application,  # type: ignore[arg-type]
            pool=Pool(threads, most_waiting=most_waiting),
            bodies=Bodies(LIMITS),
            most_bytes={"": most_bytes, "/small/": 100},
            refuse=refuse or Front(application, hosts=Hosts(["*"]), log=AccessLog(0.0)).refusing,
        )
        self._config = uvicorn_config(bridge)
        self.state = ServerState()
        # As uvicorn sets it every second.
        self.state.default_headers = [(b"date", formatdate(usegmt=True).encode())]
        self._answer = answer or (lambda _data: None)
        self._patience = patience or Patience()

    def connect(self) -> Wire:
        """Return a new connection."""
        wire = Wire()
        wire.protocol = Connection(
            config=self._config,
            server_state=self.state,
            app_state={},
            answer=self._answer,
            patience=self._patience,
        )
        wire.protocol.connection_made(wire)
        return wire

    async def talk(self, *pieces: bytes) -> Wire:
        """Send pieces over one connection and return it when all that came of them is over."""
        wire = self.connect()
        await send(wire, *pieces)
        await self.quiet()
        return wire

    async def quiet(self) -> None:
        """Wait until nothing is being answered."""
        while self.state.tasks:
            await asyncio.wait(self.state.tasks, timeout=5)


async def send(wire: Wire, *pieces: bytes) -> None:
    """Have pieces arrive, each in an event of its own."""
    for piece in pieces:
        if not wire.is_closed:
            wire.protocol.data_received(piece)
        await asyncio.sleep(0)


def told(written: bytes) -> bytes:
    """Return what was written, without what no two answers have in common."""
    return PASSING.sub(rb"\1: -", written)


def talk(application: Application, pieces: Sequence[bytes], **options: Any) -> Wire:
    """Send pieces to a server of their own, on a loop of their own."""

    async def run() -> Wire:
        return await Server(application, **options).talk(*pieces)

    return asyncio.run(run())
