"""The threads that run the application, for an event loop."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


class Full(Exception):
    """Too many wait already."""


class Pool:
    """Up to `threads` threads, started as they are needed. They are daemons: none keeps the process from ending."""

    def __init__(self, threads: int, *, most_waiting: int) -> None:
        self._most_threads = threads
        self._most_waiting = most_waiting
        self._threads: list[threading.Thread] = []
        self._queue: queue.SimpleQueue[tuple[asyncio.Future[Any], Callable[[], Any]]] = queue.SimpleQueue()
        # As many as there are threads with nothing to do.
        self._idle = threading.Semaphore(0)

    def run(self, work: Callable[[], Result], *, even_if_full: bool = False) -> asyncio.Future[Result]:
        """Have a thread do it; await the outcome. Raises Full. For the event loop's own thread."""
        if self._queue.qsize() >= self._most_waiting and not even_if_full:
            raise Full
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._queue.put((future, work))
        if not self._idle.acquire(blocking=False) and len(self._threads) < self._most_threads:
            thread = threading.Thread(target=self._work, name=f"request-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return future

    def _work(self) -> None:
        while True:
            try:
                future, work = self._queue.get_nowait()
            except queue.Empty:
                self._idle.release()
                future, work = self._queue.get()
            result: Any = None
            error: BaseException | None = None
            try:
                result = work()
            except BaseException as raised:
                error = raised
            # The loop is closed when the process is about to end.
            with contextlib.suppress(RuntimeError):
                future.get_loop().call_soon_threadsafe(_settle, future, result, error)
            # Nothing of a request is held until the next one comes.
            del future, work, result, error


def _settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    """Tell who waits, unless they gave up."""
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
