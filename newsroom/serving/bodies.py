"""Request bodies: received whole in the event loop, before a thread is taken and Django sees the request.

So a slow sender costs a connection and nothing else. How much may come is bounded, how long it may take, and how many
are on their way in at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveCallable

IN_MEMORY_BYTES = 1024 * 1024
# A form is answered within milliseconds once it is here. What is larger is a picture, whose answer may take seconds.
FORM_BYTES = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """How much, how fast, how many at once.

    A body is in time while it has taken less than `grace_seconds` plus a second for each `least_bytes_per_second`
    received: a slow mobile line passes, a sender that drips does not. Of forms, `forms` may be on their way in at once;
    of larger bodies `larger`, those included that wait for their answer, of which `at_once` are in hand. Who finds no
    place waits for `patience_seconds`. A refused body of up to `drain_bytes` is received all the same: a connection
    closed on unread bytes is reset, and its sender may never see the answer that says why.
    """

    at_once: int
    forms: int = 256
    larger: int = 32
    grace_seconds: float = 10.0
    least_bytes_per_second: int = 16 * 1024
    drain_bytes: int = 256 * 1024
    patience_seconds: float = 2.0


class Refused(Exception):
    """Why a request is not taken: one of `front.ANSWERS`."""


class Bodies:
    """Receives the bodies of a process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._forms = asyncio.Semaphore(limits.forms)
        self._larger = asyncio.Semaphore(limits.larger)
        self._answers = asyncio.Semaphore(limits.at_once)

    @contextlib.asynccontextmanager
    async def received(self, receive: ASGIReceiveCallable, length: int, most: int) -> AsyncIterator[IO[bytes]]:
        """Yield the whole body of `length` bytes, rewound. Raises `Refused`.

        Holds a place until it is here, and that of a larger one until the request is answered. Only a larger one that
        is here takes a turn at being answered: a slow sender must not keep others from it.
        """
        if length > most:
            raise Refused("too large")
        places = self._forms if length <= FORM_BYTES else self._larger
        async with contextlib.AsyncExitStack() as place:
            try:
                await asyncio.wait_for(places.acquire(), self._limits.patience_seconds)
            except TimeoutError:
                raise Refused("busy") from None
            place.callback(places.release)
            with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as content:
                if await self._receive(receive, content) != length:
                    # The parser looks for none behind a head that asks for another protocol.
                    raise Refused("broken")
                if places is self._forms:
                    await place.aclose()
                else:
                    await place.enter_async_context(self._answers)
                content.seek(0)
                yield content

    async def drain(self, receive: ASGIReceiveCallable, length: int) -> None:
        """Take a refused body off the line where it is small."""
        if length <= self._limits.drain_bytes:
            with contextlib.suppress(Refused):
                await self._receive(receive, None)

    async def _receive(self, receive: ASGIReceiveCallable, content: IO[bytes] | None) -> int:
        """Take a body off the line, into `content` if it is wanted, and return its length. Raises `Refused`."""
        began = asyncio.get_running_loop().time()
        received = 0
        try:
            async with asyncio.timeout_at(began + self._limits.grace_seconds) as timeout:
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise Refused("broken")
                    received += len(message["body"])
                    if content is not None:
                        content.write(message["body"])
                    if not message["more_body"]:
                        return received
                    seconds = self._limits.grace_seconds + received / self._limits.least_bytes_per_second
                    timeout.reschedule(began + seconds)
        except TimeoutError:
            raise Refused("too slow") from None
