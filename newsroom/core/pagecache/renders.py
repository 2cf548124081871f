"""Having Django make a page, and keeping it if it is true and for everybody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsroom.core.pagecache.bodies import Headers, is_fit, variants
from newsroom.core.pagecache.collect import Said, listen
from newsroom.core.pagecache.state import State
from newsroom.core.pagecache.store import Entry, Key
from newsroom.core.pagecache.watch import Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

# One that was refused is out of date before it is ready; the next may be luckier. Under a storm of writes, none is.
MOST_RENDERS = 2


@dataclass(frozen=True)
class Answer:
    """What came of a render: a page for everybody, or an answer for the one who asked."""

    entry: Entry | None = None
    status: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    @property
    def is_error(self) -> bool:
        """Whether the site failed."""
        return self.status.startswith("5")


class Renderer:
    """Makes pages by asking `application`."""

    def __init__(
        self,
        application: WSGIApplication,
        state: State,
        watch: Watch,
        clock: Callable[[], float],
        cache_control: str,
        tags: Callable[[Collection[str]], tuple[str, str]] | None = None,
    ) -> None:
        self._application = application
        self._state = state
        self._watch = watch
        self._clock = clock
        self._cache_control = cache_control
        # Makes the header that tells a shared cache what a page shows.
        self._tags = tags

    def render(self, key: Key, environ: WSGIEnvironment) -> Answer:
        """Return the page, kept if nothing it shows was bumped while it was made; else it is made once more."""
        for _ in range(MOST_RENDERS):
            # Noted before the first query, so that the page shows all that was applied by then.
            noted = self._state.begin()
            try:
                answer = self._ask(dict(environ))
                if answer.entry is None or not self._watch.force_poll():
                    break
                if self._state.keep(key, answer.entry, noted=noted, at=self._clock()):
                    break
            finally:
                self._state.end(noted)
        else:
            if answer.entry:
                answer.entry.is_overtaken = True
        return answer

    def _ask(self, environ: WSGIEnvironment) -> Answer:
        """Ask Django once."""
        head: list[tuple[str, Headers]] = []

        def start_response(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
            head.append((status, headers))
            return written.append

        written: list[bytes] = []
        with listen() as said:
            body = b"".join([*written, *_all_of(self._application(environ, start_response))])
        status, headers = head[-1]
        entry = self._entry(body, headers, said) if said.keys and is_fit(status, headers) else None
        return Answer(entry, status, headers, body)

    def _entry(self, body: bytes, headers: Headers, said: Said) -> Entry:
        tagged = [*headers, self._tags(said.keys)] if self._tags else headers
        made = variants(body, tagged, cache_control=self._cache_control)
        return Entry(made, frozenset(said.keys), said.until, said.counted)


def _all_of(chunks: Iterable[bytes]) -> list[bytes]:
    """Return all of a body, and close it: Django ends the request's connections then."""
    try:
        return list(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()


def unavailable(answer: Answer) -> Answer:
    """Return an error as what it is while the database cannot be reached: passing."""
    headers = [(name, value) for name, value in answer.headers if name.lower() not in ("cache-control", "retry-after")]
    return replace(
        answer,
        status="503 Service Unavailable",
        headers=[*headers, ("Cache-Control", "no-store"), ("Retry-After", "5")],
    )
