"""Following the log: a thread that polls, and polls on demand, all through one lock."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from newsroom.core.pagecache.readers import Reader
from newsroom.core.pagecache.state import State

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 0.2
# Without a look at the log for so long (the thread is starved or dead), a request looks itself.
OVERDUE_SECONDS = 0.5
# What was read of the log so long ago vouches for a page to this process alone; `purging` waits longer than this.
ABREAST_SECONDS = 1.0
# Without a successful look for so long, nothing that is kept is shown any more.
BLIND_SECONDS = 600.0


class Watch:
    """Keeps `State` in step with the log."""

    def __init__(
        self, reader: Reader, state: State, *, clock: Callable[[], float] = time.monotonic, has_thread: bool = True
    ) -> None:
        self._reader = reader
        self._state = state
        self._clock = clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._has_thread = has_thread
        # Polls begun, ever.
        self._begun = 0
        self._is_good = False
        self.errors = 0
        # When a poll last ended, and last ended well.
        self.tried_at = self.succeeded_at = float("-inf")
        # When the last poll that ended well began.
        self._read_at = float("-inf")

    @property
    def is_in_trouble(self) -> bool:
        """Whether the last poll failed."""
        return not self._is_good

    @property
    def is_abreast(self) -> bool:
        """Whether what is kept shows all that was committed a moment ago; else it is the best there is."""
        return self._clock() - self._read_at < ABREAST_SECONDS

    @property
    def is_current(self) -> bool:
        """Whether kept pages may be shown without a look at the log first (`look`)."""
        now = self._clock()
        return now - self.tried_at <= OVERDUE_SECONDS and now - self.succeeded_at < BLIND_SECONDS

    def start(self) -> None:
        """Start the thread unless it runs. It is a daemon: another kind keeps the server from ending."""
        if not self._has_thread or (self._thread is not None and self._thread.is_alive()):
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="pagecache", daemon=True)
                self._thread.start()

    def look(self) -> bool:
        """Return whether kept pages may be shown; for every request, so it costs two comparisons."""
        now = self._clock()
        if now - self.tried_at > OVERDUE_SECONDS:
            self.start()
            if self._lock.acquire(blocking=False):
                try:
                    self._poll()
                finally:
                    self._lock.release()
        return now - self.succeeded_at < BLIND_SECONDS

    def force_poll(self) -> bool:
        """Apply all that is committed by now; return whether that worked. A poll begun after this call serves too."""
        asked = self._begun
        with self._lock:
            # Raised before a poll reads, and under the lock: more than `asked` means begun since, and over by now.
            if self._begun == asked:
                self._poll()
            return self._is_good

    def _run(self) -> None:
        while True:
            with self._lock:
                self._poll()
            time.sleep(INTERVAL_SECONDS)

    def _poll(self) -> None:
        """Poll once and apply what was found. Never raises. Under the lock."""
        self._begun += 1
        began = self._clock()
        try:
            news = self._reader.poll()
        except Exception as error:
            self._failed(error)
            return
        if news.is_reset:
            self._state.reset()
        else:
            self._state.apply(news.keys)
        if self.errors and not self._is_good:
            logger.info("The page cache reads the log of writes again")
        self._is_good = True
        self.tried_at = self.succeeded_at = self._clock()
        self._read_at = began

    def _failed(self, error: Exception) -> None:
        if self._is_good or not self.errors:
            logger.warning("The page cache cannot read the log of writes: %s", type(error).__name__)
        self._is_good = False
        self.errors += 1
        self.tried_at = self._clock()
        if self.tried_at - self.succeeded_at >= BLIND_SECONDS:
            self._state.reset()
