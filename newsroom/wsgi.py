"""The WSGI entry point: Django behind the front layer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from newsroom import checks
from newsroom.core import jinja, pagecache
from newsroom.core.pagecache.layer import PageCache, Rules
from newsroom.core.pagecache.readers import reader
from newsroom.core.pagecache.requests import Reading
from newsroom.serving.accesslog import AccessLog
from newsroom.serving.front import Front
from newsroom.serving.hosts import Hosts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings.embedded")

# Pictures are uploaded below the admin; everywhere else a body is a form, for which Django has a limit of its own.
UPLOAD_BYTES = 32 * 1024 * 1024

django = get_wsgi_application()

from articles import visits  # noqa: E402  (models are there from here on)

# `serve` ran all checks; a server started by other means must not run on settings that are wrong.
checks.insist()
# Loads every view now: processes forked from this one share them, and no reader waits for it.
reverse("healthz")
# As with views: where nothing is kept of them, compiling takes a fifth of a second.
jinja.load("articles/article.html", "articles/home.html", "articles/section.html")


def is_kept(path: str) -> bool:
    """Whether the page at `path` (bytes as Latin-1, as WSGI has it) is one the page cache may keep."""
    try:
        return pagecache.is_kept(resolve(path.encode("latin-1").decode()).func)
    except (Resolver404, UnicodeError):
        return False


def write_down(counts: Mapping[str, int]) -> None:
    """Write visits to stories down; called by a thread of the page cache, which keeps no connection between times."""
    try:
        visits.write_down(counts, at=timezone.now())
    finally:
        connections.close_all()


def page_cache(django: WSGIApplication) -> PageCache:
    """Return the page cache, in front of Django."""
    return PageCache(
        django,
        reader=reader,
        write_down=write_down,
        is_kept=is_kept,
        reading=Reading(
            # All cookies of ours, whatever comes before their names on https: staff, commenters, previews.
            private_cookies=(settings.SESSION_COOKIE_NAME, "newsroom_", "messages"),
            ports=[str(port)] if (port := urlsplit(settings.SITE_URL).port) else [],
            scheme_header=settings.SECURE_PROXY_SSL_HEADER,
        ),
        rules=Rules(
            most_bytes=settings.PAGE_CACHE_BYTES,
            shared_seconds=settings.PAGE_CACHE_SHARED_SECONDS,
            tags=settings.CDN.header if settings.CDN else None,
        ),
    )


cache = page_cache(django) if settings.PAGE_CACHE_BYTES else None
application = Front(
    cache or django,
    cache=cache,
    hosts=Hosts(settings.ALLOWED_HOSTS),
    log=AccessLog(float(os.environ.get("ACCESS_LOG_SAMPLE", "0.01"))),
    most_bytes={"": settings.DATA_UPLOAD_MAX_MEMORY_SIZE, "/admin/": UPLOAD_BYTES},
)
