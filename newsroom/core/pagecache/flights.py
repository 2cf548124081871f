"""One render at a time for each page: who comes meanwhile waits for it, if it will be true for them as well."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from newsroom.core.pagecache.store import Entry, Key


@dataclass(eq=False, slots=True)
class Flight:
    """A render in hand."""

    # The applied seq when it was begun.
    noted: int
    landed: threading.Event = field(default_factory=threading.Event)
    # The page; None while it is made, and when it turned out not to be one for everybody.
    entry: Entry | None = None
    # Whether it broke: the next may try. False with no entry: the page is never kept, nobody need wait for another.
    has_failed: bool = False


class Flights:
    """The renders in hand, by page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[Key, Flight] = {}

    def join(self, key: Key, seq: int) -> tuple[Flight, bool]:
        """Return the flight of a page for a request that came at `seq`, and whether it is the caller's to fly.

        A flight begun before something was bumped may show what was there before: it answers those who came before.
        Which surfaces it shows is known at its end only, so any bump counts; the newcomer begins another.
        """
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None and flight.noted == seq:
                return flight, False
            flight = self._flights[key] = Flight(seq)
            return flight, True

    def land(self, key: Key, flight: Flight, entry: Entry | None, *, has_failed: bool) -> None:
        """End a flight and let go who waits for it."""
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.entry, flight.has_failed = entry, has_failed
        flight.landed.set()

    def __len__(self) -> int:
        return len(self._flights)
