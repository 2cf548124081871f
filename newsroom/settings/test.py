"""Tests: the embedded code path on SQLite, or PostgreSQL where DATABASE_URL names one."""

from __future__ import annotations

import os

from newsroom.env import email, env
from newsroom.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "only-for-tests-and-nothing-else-0123456789"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
# A real hasher costs tests minutes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "originals": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "renditions": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASES = {"default": env.db_url_config(os.environ.get("DATABASE_URL") or "sqlite://:memory:")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Workers that tests start as processes of their own send to the test's mail server.
if "EMAIL_URL" in os.environ:
    EMAIL_TIMEOUT = 20
    globals().update(email([]))
