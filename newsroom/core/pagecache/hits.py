"""Visits counted in memory, by name, and handed over every few seconds by a thread of its own: never in a request."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 10
# Between two looks at what came; in that time no process answers so many requests.
TALLY_SECONDS = 1.0
MOST_UNTALLIED = 200_000
# Names counted at once; a flood of rare pages, or a database that is away, must not fill the memory.
MOST_NAMES = 10_000


class Hits:
    """Visits since they were last handed over to `write_down`, which may fail: they are then kept for the next time.

    What was not handed over when the process ends is lost.
    """

    def __init__(
        self, write_down: Callable[[Mapping[str, int]], object] | None = None, *, has_thread: bool = True
    ) -> None:
        self._write_down = write_down
        self._seen: deque[str] = deque(maxlen=MOST_UNTALLIED)
        self._counts: Counter[str] = Counter()
        # Of who tallies and hands over; counting itself takes no lock.
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._needs_thread = has_thread and write_down is not None
        self._is_failing = False

    def count(self, name: str) -> None:
        """Count one visit."""
        self._seen.append(name)
        if self._needs_thread:
            self._start()

    def take(self) -> dict[str, int]:
        """Return the visits by name, and begin from nought."""
        self.tally()
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return dict(counts)

    def tally(self) -> None:
        """Sort what came by name."""
        with self._lock:
            # As many as there are now: more come meanwhile.
            self._add(Counter(self._seen.popleft() for _ in range(len(self._seen))))

    def flush(self) -> None:
        """Hand the visits over; where that fails they are counted as if they came now. Never raises."""
        counts = self.take()
        if not counts or self._write_down is None:
            return
        try:
            self._write_down(counts)
        except Exception as error:
            if not self._is_failing:
                logger.warning("Visits cannot be written down: %s. They are kept.", type(error).__name__)
            self._is_failing = True
            with self._lock:
                self._add(counts)
        else:
            self._is_failing = False

    def _add(self, counts: Mapping[str, int]) -> None:
        """Add visits by name, within bounds. Under the lock."""
        for name, count in counts.items():
            if name in self._counts or len(self._counts) < MOST_NAMES:
                self._counts[name] += count

    def _start(self) -> None:
        """Start the thread, once. It is a daemon: another kind keeps the server from ending."""
        with self._lock:
            if self._thread is None:
                self._needs_thread = False
                self._thread = threading.Thread(target=self._run, name="visits", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        due = time.monotonic() + FLUSH_SECONDS
        while True:
            time.sleep(TALLY_SECONDS)
            self.tally()
            if time.monotonic() >= due:
                self.flush()
                due = time.monotonic() + FLUSH_SECONDS
