"""One request in the hands of a WSGI application, run step by step in threads."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

# Bytes of an answer taken in one step. Nearly every answer ends within the first, and so in the thread that began it.
STEP_BYTES = 256 * 1024

Headers = list[tuple[str, str]]


class Failed(Exception):
    """The application raised something; it is logged already."""


class Exchange:
    """Asks `application` and takes its answer, at most `STEP_BYTES` (and one piece) at a time.

    `is_gone` says whether the sender has left: nobody is asked on their behalf then.
    """

    def __init__(self, application: WSGIApplication, environ: WSGIEnvironment, is_gone: Callable[[], bool]) -> None:
        self._application = application
        self._environ = environ
        self._is_gone = is_gone
        self._answer: Iterable[bytes] = ()
        self._pieces: Iterator[bytes] = iter(())
        # By way of the callable that `start_response` returns.
        self._written: list[bytes] = []
        self._has_sent = False
        self.status = 0
        self.headers: Headers = []
        # Nothing more is to come, and the application was told.
        self.is_over = False

    def begin(self) -> bytes:
        """Ask, and return the beginning of the body; head and body are complete where `is_over`. Raises Failed."""
        if self._is_gone():
            self.is_over = True
            return b""
        try:
            self._answer = self._application(self._environ, self._start)
            self._pieces = iter(self._answer)
            body = self._take()
            if not self.status:
                raise RuntimeError("The application began no answer.")
        except BaseException as error:
            raise self._failed() from error
        self._has_sent = True
        return body

    def go_on(self) -> bytes:
        """Return the next bytes of the body. Raises Failed."""
        try:
            return self._take()
        except BaseException as error:
            raise self._failed() from error

    def close(self) -> None:
        """Tell the application that its answer was taken, or that nobody wants the rest. Never raises."""
        self.is_over = True
        answer, self._answer = self._answer, ()
        try:
            if close := getattr(answer, "close", None):
                close()
        except Exception:
            logger.exception("An answer could not be closed")

    @property
    def has_body(self) -> bool:
        """Whether a body may follow the head (RFC 9110, 6.4.1)."""
        return self._environ["REQUEST_METHOD"] != "HEAD" and self.status not in (204, 304)

    @property
    def states_length(self) -> bool:
        """Whether the application says how long the body is."""
        return any(name.lower() == "content-length" for name, _value in self.headers)

    def _take(self) -> bytes:
        pieces: list[bytes] = []
        size = 0
        for piece in self._pieces:
            pieces.append(piece)
            size += len(piece)
            if self.status and (size >= STEP_BYTES or not self.has_body):
                break
        else:
            self.close()
        if self._written:
            pieces[:0], self._written[:] = self._written, ()
        if self.has_body:
            return b"".join(pieces)
        if not self.is_over:
            self.close()
        return b""

    def _failed(self) -> Failed:
        logger.exception("A request failed outside Django")
        self.close()
        return Failed()

    def _start(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        """`start_response` of PEP 3333; a second head takes the place of the first while that is not sent."""
        if exc_info is not None and self._has_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        self.status, self.headers = int(status[:3]), headers
        return self._written.append
