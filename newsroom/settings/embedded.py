"""One machine, no variable needed: SQLite, files and keys under var/."""

from __future__ import annotations

import os

from newsroom import env as environment
from newsroom.settings.base import *  # noqa: F403

ENV_PROBLEMS: list[environment.Problem] = []

VAR_DIR = environment.var_dir()
# It holds names, addresses and keys: nobody else on the machine may look in.
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
DEBUG = False

HOST = os.environ.get("HOST", "").strip() or "127.0.0.1"
PORT = environment.number("PORT", 8000, ENV_PROBLEMS, least=1, most=65535)
IS_LOOPBACK = environment.is_loopback(HOST)
SITE_URL = environment.site_url(ENV_PROBLEMS, fallback=f"http://localhost:{PORT}" if IS_LOOPBACK else "")
if not SITE_URL:
    ENV_PROBLEMS.append(
        environment.Problem(
            "newsroom.E012",
            f"HOST={HOST} can be reached from other machines, but SITE_URL is not set.",
            "Set SITE_URL to the address readers will use (https://news.example), or leave HOST unset.",
        )
    )
ALLOWED_HOSTS = environment.allowed_hosts(HOST, SITE_URL)
globals().update(environment.transport(SITE_URL))
TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0, ENV_PROBLEMS, most=10)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

PAGE_CACHE_BYTES = environment.number("PAGE_CACHE_MIB", 64, ENV_PROBLEMS, most=16_384) * 1024 * 1024
PAGE_CACHE_SHARED_SECONDS = environment.number("PAGE_CACHE_SHARED_SECONDS", 1, ENV_PROBLEMS, most=86_400)
CDN = environment.cdn(ENV_PROBLEMS)
SECOND_FACTOR_REQUIRED = environment.switch("SECOND_FACTOR_REQUIRED", False, ENV_PROBLEMS)

if given := os.environ.get("SECRET_KEY", "").split():
    SECRET_KEY, *SECRET_KEY_FALLBACKS = given
else:
    SECRET_KEY, *SECRET_KEY_FALLBACKS = environment.secret_keys(VAR_DIR / "keys")

DATABASES = {
    "default": {
        "ENGINE": "newsroom.core.sqlite",
        "NAME": VAR_DIR / "newsroom.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,  # noqa: F405
        # Each thread keeps its connection: opening one costs more than the queries of a page.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
COMPILED_TEMPLATES = VAR_DIR / "templates"
STORAGES = {**STORAGES, **environment.picture_storages(VAR_DIR)}  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Without EMAIL_URL mail is written to files, one each, so that nothing leaves a machine that only tries Newsroom out.
EMAIL_TIMEOUT = 20
if "EMAIL_URL" in os.environ:
    globals().update(environment.email(ENV_PROBLEMS))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = environment.sender(SITE_URL)
