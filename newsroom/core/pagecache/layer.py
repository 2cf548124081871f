"""The layer between the server's front and Django: answers readers from memory, and has Django make what is missing."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsroom.core.pagecache.bodies import Variant
from newsroom.core.pagecache.flights import Flight, Flights
from newsroom.core.pagecache.hits import Hits
from newsroom.core.pagecache.readers import Reader
from newsroom.core.pagecache.renders import Answer, Renderer, unavailable
from newsroom.core.pagecache.requests import Manner, Reading, matches
from newsroom.core.pagecache.state import State
from newsroom.core.pagecache.store import Entry, Key, Store
from newsroom.core.pagecache.watch import Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NOT_MODIFIED = "304 Not Modified"


@dataclass(frozen=True)
class Rules:
    """What a site decides about its cache."""

    most_bytes: int = 64 * 1024 * 1024
    # Seconds a shared cache in front may show a page without asking.
    shared_seconds: int = 1
    # Makes of a page's surfaces the header by which a cache in front knows them; None: there is none to be told.
    tags: Callable[[Collection[str]], tuple[str, str]] | None = None
    # Seconds a request waits for another's render of the same page before it makes its own.
    patience_seconds: float = 5.0

    def cache_control(self, seconds: int) -> str:
        """Return the header of a kept page that a cache in front may show for `seconds` without asking."""
        return f"max-age=0, must-revalidate, s-maxage={seconds}"


class PageCache:
    """A WSGI application around Django's.

    `is_kept(path)` says whether the view of a path (as WSGI has it) is one whose pages may be kept. `reader` makes the
    reader of the log; it is called once a process. `write_down` takes visits by name every few seconds, in a thread
    of its own. `clock` gives seconds since 1970.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        reader: Callable[[], Reader],
        is_kept: Callable[[str], bool],
        reading: Reading,
        rules: Rules | None = None,
        write_down: Callable[[Mapping[str, int]], object] | None = None,
        clock: Callable[[], float] = time.time,
        has_thread: bool = True,
    ) -> None:
        self._application = application
        self._make_reader = reader
        self._is_kept = is_kept
        self.reading = reading
        self._rules = rules or Rules()
        self._write_down = write_down
        self._clock = clock
        self._has_thread = has_thread
        self._former: list[object] = []
        self._begin()
        _all.add(self)

    def renew(self) -> None:
        """Begin anew, as a process does that was forked: locks may be held by threads that it does not have.

        The former things are kept: a connection that is let go here would be closed for the parent as well.
        """
        self._former.append((self.watch, self.state))
        self._begin()

    def _begin(self) -> None:
        self.hits = Hits(self._write_down, has_thread=self._has_thread)
        self.store = Store(self._rules.most_bytes)
        self.state = State(self.store)
        self.watch = Watch(self._make_reader(), self.state, has_thread=self._has_thread)
        self._flights = Flights()
        self._renderer = Renderer(
            self._application,
            self.state,
            self.watch,
            self._clock,
            self._rules.cache_control(self._rules.shared_seconds),
            self._rules.tags,
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        asked = self.reading.key(environ)
        if asked is None:
            return self._application(environ, start_response)
        key, manner = asked
        at = self._clock()
        # Looked for first: a poll that `look` makes may drop it.
        may_show = self.watch.look()
        entry = self.store.get(key, at) if may_show else None
        if entry is None:
            if not self._is_kept(key[2]):
                return self._application(environ, start_response)
            answer = self._fetch(key, environ, at)
            if answer.entry is None:
                return self._pass_on(answer, key, environ, start_response)
            entry = answer.entry
            # A render takes its time, which a cache in front must not be given on top.
            at = self._clock()
        is_head = environ["REQUEST_METHOD"] == "HEAD"
        variant, has_it = self._choose(entry, manner, at, is_head=is_head)
        if has_it:
            start_response(NOT_MODIFIED, list(variant.headers_304))
            return []
        start_response("200 OK", list(variant.headers))
        return [] if is_head else [variant.body]

    def hit(self, key: Key, manner: Manner, *, is_head: bool) -> tuple[Variant, bool] | None:
        """Return the page from memory, and whether the reader has it already; None where that takes more than a look.

        For a server's event loop, which nothing may hold up: no lock is waited for, no query made.
        """
        at = self._clock()
        entry = self.store.get(key, at) if self.watch.is_current else None
        return self._choose(entry, manner, at, is_head=is_head) if entry else None

    def _choose(self, entry: Entry, manner: Manner, at: float, *, is_head: bool) -> tuple[Variant, bool]:
        """Return what of a page is sent, and whether the reader has it already (RFC 9110, 13.1.2); count the visit."""
        variant = entry.variants[manner.encoding]
        # No cache in front may show it for longer than it is true, nor one that may be out of date by now: that cache
        # was told already, and forgot the page before it asked for this one.
        left = entry.until - at if self.watch.is_abreast and not entry.is_overtaken else 0.0
        if left < self._rules.shared_seconds:
            variant = variant.with_cache_control(self._rules.cache_control(max(0, int(left))))
        if entry.counted and not is_head:
            self.hits.count(entry.counted)
        return variant, manner.if_none_match is not None and matches(manner.if_none_match, variant.etag)

    def _fetch(self, key: Key, environ: WSGIEnvironment, at: float) -> Answer:
        """Return the page from a render: another request's that is in hand, else its own."""
        bare = self.reading.environ(key, environ)
        deadline = time.monotonic() + self._rules.patience_seconds
        while True:
            flight, is_mine = self._flights.join(key, self.state.seq)
            if is_mine:
                return self._fly(key, flight, bare)
            if not flight.landed.wait(max(0.0, deadline - time.monotonic())):
                break
            if flight.entry is not None and at < flight.entry.until:
                return Answer(entry=flight.entry)
            if not flight.has_failed:
                break
            # It broke: somebody tries again, and this request may be the one.
        return self._renderer.render(key, bare)

    def _fly(self, key: Key, flight: Flight, bare: WSGIEnvironment) -> Answer:
        """Render for all who wait, and let them go whatever happens."""
        answer = None
        try:
            answer = self._renderer.render(key, bare)
            return answer
        finally:
            self._flights.land(
                key, flight, answer.entry if answer else None, has_failed=answer is None or answer.is_error
            )

    def _pass_on(
        self, answer: Answer, key: Key, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Send what is not for everybody: an error, a redirect, a page whose view said nothing."""
        if answer.is_error and self.watch.is_in_trouble:
            answer = unavailable(answer)
        elif environ.get("QUERY_STRING", "") != key[3]:
            # It was asked without the tracking parameters; a redirect takes them along.
            return self._application(environ, start_response)
        start_response(answer.status, answer.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


# All of this process, for its children.
_all: weakref.WeakSet[PageCache] = weakref.WeakSet()


def _renew_all() -> None:
    for cache in _all:
        cache.renew()


os.register_at_fork(after_in_child=_renew_all)
