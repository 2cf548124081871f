"""PostgreSQL and what may stand beside it, named by the environment. docs/operators.md lists the variables."""

from __future__ import annotations

import os
import secrets

from newsroom import env as environment
from newsroom.settings.base import *  # noqa: F403

ENV_PROBLEMS: list[environment.Problem] = []

VAR_DIR = environment.var_dir()
DEBUG = False

HOST = os.environ.get("HOST", "").strip() or "127.0.0.1"
PORT = environment.number("PORT", 8000, ENV_PROBLEMS, least=1, most=65535)
SITE_URL = environment.site_url(ENV_PROBLEMS)
if not os.environ.get("SITE_URL"):
    ENV_PROBLEMS.append(
        environment.Problem(
            "newsroom.E013", "SITE_URL is not set.", "Set SITE_URL to the address readers use: https://news.example."
        )
    )
ALLOWED_HOSTS = environment.allowed_hosts("", SITE_URL)
globals().update(environment.transport(SITE_URL))
TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 1, ENV_PROBLEMS, most=10)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
PAGE_CACHE_BYTES = environment.number("PAGE_CACHE_MIB", 64, ENV_PROBLEMS, most=16_384) * 1024 * 1024
PAGE_CACHE_SHARED_SECONDS = environment.number("PAGE_CACHE_SHARED_SECONDS", 1, ENV_PROBLEMS, most=86_400)
CDN = environment.cdn(ENV_PROBLEMS)
SECOND_FACTOR_REQUIRED = environment.switch("SECOND_FACTOR_REQUIRED", True, ENV_PROBLEMS)

# Newest key first, then those still honoured. A random stand-in lets `check` run and report; nothing serves with it.
SECRET_KEY, *SECRET_KEY_FALLBACKS = environment.given_keys(ENV_PROBLEMS) or [secrets.token_urlsafe(50)]

DATABASES = {"default": environment.postgres(ENV_PROBLEMS)}
CACHES = {"default": environment.cache()}
STATIC_ROOT = os.environ.get("STATIC_ROOT") or VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "media"
COMPILED_TEMPLATES = VAR_DIR / "templates"
MEDIA_ACCEL = os.environ.get("MEDIA_ACCEL", "")
bucket = environment.s3(ENV_PROBLEMS)
STORAGES = {**STORAGES, **environment.picture_storages(VAR_DIR, bucket)}  # noqa: F405
if bucket:
    STORAGES["default"] = bucket

EMAIL_TIMEOUT = 20
globals().update(environment.email(ENV_PROBLEMS))
DEFAULT_FROM_EMAIL = environment.sender(SITE_URL)
