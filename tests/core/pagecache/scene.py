"""A site of a few pages over a log of writes, all in memory, in which everything happens when a test says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from newsroom.core import pagecache
from newsroom.core.pagecache.layer import PageCache, Rules
from newsroom.core.pagecache.readers import NOTHING, RESET, News
from newsroom.core.pagecache.requests import Reading

HOST = "news.example"
# Path -> the surfaces its page shows.
PAGES = {"/": ["home", "site"], "/a": ["article:1", "site"], "/b": ["article:2", "thread:2"], "/all": ["article:*"]}
SURFACES = ["home", "site", "article:1", "article:2", "thread:2"]


class Database:
    """What is committed: how often each surface was changed, and the log of it."""

    def __init__(self) -> None:
        self.versions = dict.fromkeys(SURFACES, 0)
        self.log: list[list[str]] = []
        self.is_down = False
        self.is_other = False

    def commit(self, *keys: str) -> None:
        for key in keys:
            self.versions[key] += 1
        self.log.append(list(keys))

    def version(self, key: str) -> int:
        """Return how often a surface, or all of a kind, was changed."""
        if not key.endswith(":*"):
            return self.versions[key]
        return sum(count for name, count in self.versions.items() if name.startswith(key[:-1]))


class LogReader:
    """Reads the log of a `Database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: int | None = None
        # The versions of which the last poll knew.
        self.applied: dict[str, int] = {}

    def poll(self) -> News:
        if self._database.is_down:
            raise OSError("The database is gone.")
        was, self._seen = self._seen, len(self._database.log)
        self.applied = dict(self._database.versions)
        if was is None or self._database.is_other:
            self._database.is_other = False
            return RESET
        keys = frozenset(key for row in self._database.log[was:] for key in row)
        return News(keys) if keys else NOTHING

    def close(self) -> None:
        pass


class Answer:
    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = int(status[:3])
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    def json(self) -> Any:
        return json.loads(self.body)


class Site:
    """The application behind the cache, and the cache. A page is JSON: what it shows, at which version."""

    def __init__(self, **rules: Any) -> None:
        self.database = Database()
        self.reader = LogReader(self.database)
        self.now = 1000.0
        self.until: float | None = None
        self.renders: list[dict[str, Any]] = []
        # Called between the reading of one surface and the next.
        self.between: Callable[[str, int], None] = lambda path, position: None
        # Path -> (status, headers) instead of the page.
        self.odd: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        self.filling = b""
        self.cache = PageCache(
            self.application,
            reader=lambda: self.reader,
            is_kept=lambda path: path in PAGES or path in self.odd or path.startswith("/fill/"),
            reading=Reading(private_cookies=["newsroom_session"], ports=["8443"], scheme_header=None),
            rules=Rules(**rules),
            clock=lambda: self.now,
            has_thread=False,
        )

    def application(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.renders.append(dict(environ))
        if path in self.odd:
            pagecache.shows("site")
            start_response(*self.odd[path])
            return [b"odd"]
        shown = {}
        for position, key in enumerate(PAGES.get(path, ["site"])):
            shown[key] = self.database.version(key)
            self.between(path, position)
        if path != "/private":
            pagecache.shows(*shown)
        pagecache.counts_for(path)
        if self.until is not None:
            pagecache.true_until(moment(self.until))
        start_response("200 OK", [("Content-Type", "application/json"), ("X-Kept", "1")])
        return [json.dumps(shown).encode() + self.filling]

    def get(self, path: str = "/", query: str = "", method: str = "GET", **headers: str) -> Answer:
        """Send a request; `headers` as WSGI names them, a default encoding of none."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": HOST,
            "wsgi.url_scheme": "http",
            "REMOTE_ADDR": "192.0.2.7",
            **headers,
        }
        head: list[Any] = []
        body = self.cache(environ, lambda *given: head.extend(given))  # type: ignore[arg-type, return-value]
        return Answer(head[0], head[1], b"".join(body))

    def kept(self) -> dict[str, dict[str, int]]:
        """Return the kept pages: path -> what each shows."""
        return {key[2]: json.loads(entry.variants["identity"].body) for key, entry in self.cache.store.entries()}


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
