"""Request bodies: counted, timed, and read before Django sees the request.

granian blocks a thread for as long as a body takes to arrive, offers no timeout, and passes a body whose sender went
away as if it were whole (measured). So a thread of its own reads each body, and the thread of the request waits for it
only so long. One that arrives too slowly keeps its reader, a bounded number of them, until its sender moves or leaves;
the thread of the request is free again.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol

PIECE_BYTES = 4096
IN_MEMORY_BYTES = 1024 * 1024


class Stream(Protocol):
    """What a WSGI server offers as `wsgi.input`."""

    def read(self, size: int, /) -> bytes:
        """Return that many bytes, fewer only at the end; waits for them."""
        ...


@dataclass(frozen=True)
class Limits:
    """How much, how fast, how many at once.

    A body is in time while it has had less than `grace_seconds` plus a second for each `least_bytes_per_second`
    received: a slow mobile line passes, a sender that drips does not. `lingering` bounds the readers that wait for
    senders given up on.
    """

    at_once: int
    grace_seconds: float = 10.0
    least_bytes_per_second: int = 16 * 1024
    lingering: int = 32
    drain_bytes: int = 1024 * 1024
    drain_seconds: float = 0.5


class Reading(threading.Thread):
    """Reads one body to its stated length; `whole` tells whether all of it came. A daemon, or SIGTERM would hang."""

    def __init__(self, stream: Stream, length: int, *, keep: bool) -> None:
        super().__init__(daemon=True, name="body")
        self._stream: Stream | None = stream
        self._length = length
        self.received = 0
        self.whole = False
        self.given_up = False
        self.done = threading.Event()
        # Closed by whoever ends with it, in another thread than this one.
        self.content: IO[bytes] | None = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) if keep else None  # noqa: SIM115

    def run(self) -> None:
        """Read until the end, the sender's leaving, or our giving up."""
        stream, self._stream = self._stream, None
        assert stream is not None
        try:
            while self.received < self._length and not self.given_up:
                piece = stream.read(min(PIECE_BYTES, self._length - self.received))
                if not piece:
                    break
                self.received += len(piece)
                if self.content is not None:
                    self.content.write(piece)
            self.whole = self.received == self._length
        except Exception:  # whatever the server raises when a connection breaks
            self.whole = False
        finally:
            # Unread rest: letting go of the stream makes the server close the connection.
            del stream
            # In this order: of this thread and the one giving up, at least one sees what the other has set.
            self.done.set()
            if self.given_up:
                self.close()

    def close(self) -> None:
        """Give the memory back."""
        if self.content is not None:
            self.content.close()

    def wait(self, grace_seconds: float, least_bytes_per_second: float) -> bool:
        """Wait until the body is there; False when it comes too slowly."""
        began = time.monotonic()
        while True:
            allowed = grace_seconds + self.received / least_bytes_per_second
            left = began + allowed - time.monotonic()
            if left <= 0:
                return self.done.is_set()
            if self.done.wait(left):
                return True

    def give_up(self) -> None:
        """Stop after the piece being waited for; whatever has come, or comes just now, is thrown away."""
        self.given_up = True
        if self.done.is_set():
            self.close()


class Refused(Exception):
    """Why a body is not taken: `too large`, `too slow`, `broken` or `busy`."""


class Bodies:
    """Admits bodies: only so many at once, so that most threads stay free for readers."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._slots = threading.BoundedSemaphore(limits.at_once)
        self._drains = threading.BoundedSemaphore(1)
        self._readings: set[Reading] = set()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def received(self, stream: Stream, length: int, most: int) -> Iterator[IO[bytes]]:
        """Yield the whole body, rewound; holds one of the slots until the request is answered. Raises `Refused`."""
        if length > most:
            self._drain(stream, length)
            raise Refused("too large")
        if not self._slots.acquire(blocking=False):
            self._drain(stream, length)
            raise Refused("busy")
        try:
            reading = self._read(stream, length, keep=True)
            if not reading.wait(self._limits.grace_seconds, self._limits.least_bytes_per_second):
                reading.give_up()
                raise Refused("too slow")
            assert reading.content is not None
            with contextlib.closing(reading.content) as content:
                if not reading.whole:
                    raise Refused("broken")
                content.seek(0)
                yield content
        finally:
            self._slots.release()

    def _read(self, stream: Stream, length: int, *, keep: bool) -> Reading:
        reading = Reading(stream, length, keep=keep)
        with self._lock:
            self._readings = {other for other in self._readings if not other.done.is_set()}
            if len(self._readings) >= self._limits.lingering:
                raise Refused("busy")
            self._readings.add(reading)
        reading.start()
        return reading

    def _drain(self, stream: Stream, length: int) -> None:
        """Take a refused body off the line where that is quick, one at a time.

        A connection closed on unread bytes is reset, and the sender may never see the answer that says why.
        """
        if length > self._limits.drain_bytes or not self._drains.acquire(blocking=False):
            return
        try:
            with contextlib.suppress(Refused):
                reading = self._read(stream, length, keep=False)
                if not reading.done.wait(self._limits.drain_seconds):
                    reading.give_up()
        finally:
            self._drains.release()
