"""Request bodies: counted, timed, and read whole before Django sees the request.

granian passes a body whose sender went away as if it were whole (measured), and blocks a thread for as long as a body
takes. So bodies are counted against their stated length; only so many are on their way in at once, which leaves the
other threads to readers; and the connection of one that comes too slowly is ended.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Protocol

from newsroom.serving import connections

logger = logging.getLogger(__name__)

PIECE_BYTES = 4096
IN_MEMORY_BYTES = 1024 * 1024
# A form is answered within milliseconds once it is here. What is larger is a picture, whose answer may take seconds.
FORM_BYTES = 64 * 1024


class Stream(Protocol):
    """What a WSGI server offers as `wsgi.input`."""

    def read(self, size: int, /) -> bytes:
        """Return that many bytes, fewer only at the end; waits for them."""
        ...


@dataclass(frozen=True)
class Limits:
    """How much, how fast, how many at once.

    A body is in time while it has had less than `grace_seconds` plus a second for each `least_bytes_per_second`
    received: a slow mobile line passes, a sender that drips does not. It is watched over `window_seconds` before it is
    ended. A refused body of up to `drain_bytes` is read all the same. Who finds no place waits for `patience_seconds`,
    if one was taken as lately as that: a body that is sent whole frees it at once.
    """

    at_once: int
    grace_seconds: float = 10.0
    least_bytes_per_second: int = 16 * 1024
    window_seconds: float = 3.0
    drain_bytes: int = 256 * 1024
    patience_seconds: float = 0.5


class Refused(Exception):
    """Why a body is not taken: `too large`, `too slow`, `broken` or `busy`."""


@dataclass(eq=False)
class Reading:
    """A body on its way in."""

    peer: str
    began: float
    received: int = 0
    overdue: bool = False
    sample: connections.Sample = field(default_factory=dict)
    sampled_at: float | None = None

    def deadline(self, limits: Limits) -> float:
        """Return when the body will have taken too long, by what has come so far."""
        return self.began + limits.grace_seconds + self.received / limits.least_bytes_per_second


class Watch:
    """Looks after all readings of a process from one daemon thread, which ends when there is nothing to look after."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._readings: set[Reading] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def over(self, reading: Reading) -> Iterator[None]:
        """Watch a reading for the length of the block."""
        with self._lock:
            self._readings.add(reading)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="slow-bodies")
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._readings.discard(reading)

    def _run(self) -> None:
        idle_since = time.monotonic()
        while True:
            time.sleep(self._limits.window_seconds / 6)
            now = time.monotonic()
            with self._lock:
                readings = list(self._readings)
                if readings:
                    idle_since = now
                elif now - idle_since > 60:
                    self._thread = None
                    return
            for reading in readings:
                try:
                    self._look_after(reading, readings, now)
                except Exception:
                    logger.exception("A slow body could not be looked after")

    def _look_after(self, reading: Reading, readings: list[Reading], now: float) -> None:
        window = self._limits.window_seconds
        deadline = reading.deadline(self._limits)
        if now < deadline - window:
            reading.sampled_at = None
        elif reading.sampled_at is None:
            reading.sample, reading.sampled_at = connections.sample(reading.peer), now
        elif now >= deadline and now - reading.sampled_at >= window:
            seconds = now - reading.sampled_at
            # Whatever of this peer is about as late ends with it, and is told the same.
            for other in readings:
                other.overdue |= other.peer == reading.peer and now >= other.deadline(self._limits) - window
            connections.end_slow(reading.peer, reading.sample, seconds, seconds * self._limits.least_bytes_per_second)
            # Should the connection have escaped (it sent a burst just now), it is looked at afresh.
            reading.sampled_at = None


class Bodies:
    """Admits bodies: only so many at once, so that the other threads stay free for readers."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._slots = threading.BoundedSemaphore(limits.at_once)
        self._taken_at = float("-inf")
        self._drain_slot = threading.BoundedSemaphore(1)
        self._watch = Watch(limits)

    @contextlib.contextmanager
    def received(self, stream: Stream, length: int, *, most: int, peer: str) -> Iterator[IO[bytes]]:
        """Yield the whole body, rewound. Raises `Refused`.

        Holds one of the slots until it is here, and that of a large one until the request is answered.
        """
        if length > most:
            self._drain(stream, length, peer)
            raise Refused("too large")
        if not self._take_slot():
            self._drain(stream, length, peer)
            raise Refused("busy")
        with contextlib.ExitStack() as slot, tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as content:
            slot.callback(self._slots.release)
            self._read(stream, length, peer, content)
            if length <= FORM_BYTES:
                slot.close()
            content.seek(0)
            yield content

    def _take_slot(self) -> bool:
        """Take a slot, if one is free or may be so in a moment."""
        is_taken = self._slots.acquire(blocking=False)
        if not is_taken and time.monotonic() - self._taken_at < self._limits.patience_seconds:
            is_taken = self._slots.acquire(timeout=self._limits.patience_seconds)
        if is_taken:
            self._taken_at = time.monotonic()
        return is_taken

    def _read(self, stream: Stream, length: int, peer: str, content: IO[bytes] | None) -> None:
        reading = Reading(peer, time.monotonic())
        with self._watch.over(reading):
            while reading.received < length:
                piece = stream.read(min(PIECE_BYTES, length - reading.received))
                if not piece:
                    raise Refused("too slow" if reading.overdue else "broken")
                reading.received += len(piece)
                if content is not None:
                    content.write(piece)

    def _drain(self, stream: Stream, length: int, peer: str) -> None:
        """Take a refused body off the line where it is small, one at a time.

        A connection closed on unread bytes is reset, and its sender may never see the answer that says why.
        """
        if length > self._limits.drain_bytes or not self._drain_slot.acquire(blocking=False):
            return
        try:
            with contextlib.suppress(Refused):
                self._read(stream, length, peer, None)
        finally:
            self._drain_slot.release()
