"""How far a process has applied the log of writes, and what may be kept by it.

`seq` counts what was applied. A page that was begun at `seq` n shows every write applied by then, as its queries came
later; it may be kept only if none of its surfaces was bumped since. Whoever touches the pages holds `lock`, for
microseconds: no query runs under it.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Iterable

from newsroom.core.pagecache.store import Entry, Key, Store

# Surfaces remembered at once. Beyond, all count as bumped, so that a render which never ends costs no memory.
MOST_REMEMBERED = 20_000


def with_kinds(keys: Iterable[str]) -> set[str]:
    """Return `keys` and, for each, the key of all of its kind ("article:7" -> "article:*")."""
    named = set(keys)
    return named | {f"{kind}:*" for kind, colon, _rest in (key.partition(":") for key in named) if colon}


class State:
    """The applied position, and the store it rules."""

    def __init__(self, store: Store) -> None:
        self.lock = threading.Lock()
        self.store = store
        self.seq = 0
        # Surface -> the seq at which it was last bumped; only what a render in hand may have to know.
        self._last_bump: dict[str, int] = {}
        # All surfaces were bumped at this seq.
        self._floor = 0
        # seq -> renders begun at it that are not done.
        self._renders: Counter[int] = Counter()

    def begin(self) -> int:
        """Return the seq at which a render begins, before its first query; `end` must follow."""
        with self.lock:
            self._renders[self.seq] += 1
            return self.seq

    def end(self, noted: int) -> None:
        """Forget a render, and the bumps that only it had to know."""
        with self.lock:
            self._renders[noted] -= 1
            if not self._renders[noted]:
                del self._renders[noted]
            self._forget()

    def apply(self, keys: Collection[str]) -> None:
        """Drop all pages that show one of `keys`; renders in hand that show one will not be kept."""
        bumped = with_kinds(keys)
        if not bumped:
            return
        with self.lock:
            self.seq += 1
            self._last_bump.update(dict.fromkeys(bumped, self.seq))
            if len(self._last_bump) > MOST_REMEMBERED:
                self._floor = self.seq
            self._forget()
            self.store.drop(bumped)

    def reset(self) -> None:
        """Drop everything: what was written meanwhile is not known."""
        with self.lock:
            self.seq += 1
            self._floor = self.seq
            self._forget()
            self.store.clear()

    def keep(self, key: Key, entry: Entry, *, noted: int, at: float) -> bool:
        """Keep a page begun at `noted`, unless it is out of date by now; return whether it is in date."""
        with self.lock:
            if entry.until <= at or not self._is_unchanged(entry.keys, noted):
                return False
            self.store.put(key, entry)
            return True

    def _is_unchanged(self, keys: Collection[str], noted: int) -> bool:
        return self._floor <= noted and all(self._last_bump.get(key, 0) <= noted for key in keys)

    def _forget(self) -> None:
        # A render begun from now on has seen all of this.
        oldest = max(min(self._renders, default=self.seq), self._floor)
        if oldest == self.seq:
            self._last_bump.clear()
        elif any(seq <= oldest for seq in self._last_bump.values()):
            self._last_bump = {key: seq for key, seq in self._last_bump.items() if seq > oldest}
