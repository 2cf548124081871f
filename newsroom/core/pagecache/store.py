"""The kept pages, within a bound of bytes.

Reading takes no lock (one look into a dict); everything else is done under the lock of `State`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field

from newsroom.core.pagecache.bodies import Variant

# Scheme, host, path and query, as `requests.Reading` makes them of a request.
Key = tuple[str, str, str, str]

# What a page costs beside its bodies: headers, names, places in tables. Rounded up.
OVERHEAD_BYTES = 4096
# One page may take this share of the bound.
LARGEST_SHARE = 8


@dataclass(slots=True)
class Entry:
    """One finished page."""

    # Encoding ("br", "gzip", "identity") -> what is sent.
    variants: dict[str, Variant]
    keys: frozenset[str]
    # Seconds since 1970 at which it stops to be true.
    until: float
    # Under which name visits are counted; "": not.
    counted: str = ""
    # Whether something it shows was bumped while it was made: it answers who waited, and is kept nowhere.
    is_overtaken: bool = False
    # Whether it was asked for since the store last looked for room.
    is_used: bool = field(default=False, compare=False)

    @property
    def size(self) -> int:
        """Bytes it takes, about."""
        bodies = sum(len(variant.body) for variant in self.variants.values())
        return bodies + OVERHEAD_BYTES + sum(map(len, self.keys))


class Store:
    """Pages by key. When room is needed the longest unused ones go first (second chance)."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        # Surface -> the pages that show it.
        self._shown_by: dict[str, set[Key]] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key, at: float) -> Entry | None:
        """Return the page if it is there and true at `at`. Needs no lock."""
        entry = self._entries.get(key)
        if entry is None or entry.until <= at:
            return None
        entry.is_used = True
        return entry

    def entries(self) -> list[tuple[Key, Entry]]:
        """Return all pages. Under the lock."""
        return list(self._entries.items())

    def put(self, key: Key, entry: Entry) -> None:
        """Keep a page, in place of the former one; others make room. One that is too large is not kept."""
        self._remove(key)
        size = entry.size
        if size > self._most_bytes // LARGEST_SHARE:
            return
        while self.bytes + size > self._most_bytes:
            self._make_room()
        self._entries[key] = entry
        self.bytes += size
        for surface in entry.keys:
            self._shown_by.setdefault(surface, set()).add(key)

    def drop(self, surfaces: Collection[str]) -> None:
        """Drop every page that shows one of `surfaces`."""
        for surface in surfaces:
            for key in list(self._shown_by.get(surface, ())):
                self._remove(key)

    def clear(self) -> None:
        """Drop everything."""
        self._entries.clear()
        self._shown_by.clear()
        self.bytes = 0

    def _make_room(self) -> None:
        """Remove the first page that was not used since this was last asked; those that were go to the end."""
        while True:
            key, entry = next(iter(self._entries.items()))
            if not entry.is_used:
                self._remove(key)
                return
            entry.is_used = False
            self._entries.move_to_end(key)

    def _remove(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self.bytes -= entry.size
        for surface in entry.keys:
            pages = self._shown_by[surface]
            pages.discard(key)
            if not pages:
                del self._shown_by[surface]
