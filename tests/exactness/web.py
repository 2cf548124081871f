"""The product's own application for a web server, with a Django that now and then takes its time.

EXACTNESS_FAULT breaks one thing on purpose, so that a test can show that it would notice.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

import django.core.wsgi
from django.db import connection

from tests.exactness import faults

# Of the renders; the longest sleep at a query, and after the last one.
SHARE, QUERY_SECONDS, TAIL_SECONDS = 0.3, 0.04, 0.4


class Slow:
    """Django, some of whose renders sleep between their queries and before they hand their page over."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._random = random.Random()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if self._random.random() > SHARE:
            return self._application(environ, start_response)
        with connection.execute_wrapper(self._sleep):
            answer = self._application(environ, start_response)
        time.sleep(self._random.uniform(0, TAIL_SECONDS))
        return answer

    def _sleep(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        time.sleep(self._random.uniform(0, QUERY_SECONDS))
        return execute(*arguments)


_original = django.core.wsgi.get_wsgi_application
# `newsroom.wsgi` takes it from there.
django.core.wsgi.get_wsgi_application = lambda: Slow(_original())  # type: ignore[assignment,return-value]

from newsroom.wsgi import application  # noqa: E402

faults.commit(os.environ.get("EXACTNESS_FAULT", ""))

__all__ = ["application"]
