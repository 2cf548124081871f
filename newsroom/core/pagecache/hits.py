"""Visits counted in memory, by name, until somebody takes them."""

from __future__ import annotations

import threading
from collections import Counter

# Names counted between two takings; a flood of rare pages must not fill the memory.
MOST_NAMES = 10_000


class Hits:
    """Visits since the last taking."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def count(self, name: str) -> None:
        """Count one visit."""
        with self._lock:
            if name in self._counts or len(self._counts) < MOST_NAMES:
                self._counts[name] += 1

    def take(self) -> dict[str, int]:
        """Return the visits by name, and begin from nought."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        return dict(counts)
