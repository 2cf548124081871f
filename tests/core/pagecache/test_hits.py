"""Visits counted by many threads, handed over by one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

import pytest

from newsroom.core.pagecache import hits as hits_module
from newsroom.core.pagecache.hits import Hits


class Book:
    """Where visits are written down, unless it is closed."""

    def __init__(self) -> None:
        self.pages: list[dict[str, int]] = []
        self.is_closed = False
        self.written = threading.Event()

    def __call__(self, counts: Mapping[str, int]) -> None:
        if self.is_closed:
            raise OSError("The database is gone.")
        self.pages.append(dict(counts))
        self.written.set()


def test_no_visit_is_lost_among_threads_that_count_and_one_that_takes() -> None:
    hits = Hits()
    taken: list[dict[str, int]] = []

    def read() -> None:
        for number in range(5000):
            hits.count(f"article:{number % 3}")

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    while any(reader.is_alive() for reader in readers):
        taken.append(hits.take())
    taken.append(hits.take())
    assert sum(sum(counts.values()) for counts in taken) == 20_000


def test_they_are_handed_over_once() -> None:
    book = Book()
    hits = Hits(book, has_thread=False)
    hits.count("article:1")
    hits.count("article:1")
    hits.flush()
    hits.flush()
    assert book.pages == [{"article:1": 2}]


def test_while_the_database_is_away_they_are_kept(caplog: pytest.LogCaptureFixture) -> None:
    book = Book()
    book.is_closed = True
    hits = Hits(book, has_thread=False)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            hits.count("article:1")
            hits.flush()
    # Said once, not every ten seconds.
    assert len(caplog.records) == 1
    book.is_closed = False
    hits.count("article:2")
    hits.flush()
    assert book.pages == [{"article:1": 3, "article:2": 1}]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits_module, "MOST_NAMES", 10)
    book = Book()
    book.is_closed = True
    hits = Hits(book, has_thread=False)
    for number in range(100):
        hits.count(f"article:{number}")
        hits.flush()
    hits.count("article:3")
    counts = hits.take()
    assert len(counts) == 10
    assert counts["article:3"] == 2


def test_the_first_visit_starts_a_daemon_that_hands_over_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits_module, "FLUSH_SECONDS", 0)
    monkeypatch.setattr(hits_module, "TALLY_SECONDS", 0.01)
    book = Book()
    hits = Hits(book)
    hits.count("article:1")
    assert book.written.wait(5)
    assert book.pages == [{"article:1": 1}]
    assert hits._thread is not None
    assert hits._thread.daemon
