"""The environment variables Newsroom reads, in one place.

What is wrong with them is collected instead of raised, so that `manage.py check` can name every mistake at once with
its remedy (newsroom.checks); nothing serves while the list is not empty.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

from newsroom.core.cdn import KINDS as CDN_KINDS
from newsroom.core.cdn import Cdn

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the environment, as a system check will report it."""

    id: str
    message: str
    hint: str


def var_dir() -> Path:
    """Return the folder under which the embedded newsroom keeps everything it writes."""
    return Path(os.environ.get("NEWSROOM_VAR") or BASE_DIR / "var").resolve()


def number(name: str, default: int, problems: list[Problem], *, least: int = 0, most: int = 1_000_000) -> int:
    """Return the whole number in variable `name`; the default, and a problem noted, when it is none within bounds."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not least <= int(value[:9]) <= most:
        problems.append(
            Problem("newsroom.E010", f"{name} is not a number.", f"Give {name} a whole number from {least} to {most}.")
        )
        return default
    return int(value)


def switch(name: str, default: bool, problems: list[Problem]) -> bool:
    """Return whether variable `name` says on or off; the default, and a problem noted, when it says neither."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "0", "1", "off", "on", "no", "yes", "false", "true"):
        return default if not value else value in ("1", "on", "yes", "true")
    problems.append(Problem("newsroom.E010", f"{name} is neither on nor off.", f"Set {name} to 1 or to 0."))
    return default


def is_loopback(host: str) -> bool:
    """Say whether `host` (a name or an address to bind to) can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def site_url(problems: list[Problem], *, fallback: str = "") -> str:
    """Return SITE_URL as "scheme://host[:port]", or `fallback` when it is not set; notes a problem when it is none."""
    value = os.environ.get("SITE_URL", "").strip().rstrip("/")
    if not value:
        return fallback
    parts = urlsplit(value)
    try:
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        problems.append(
            Problem(
                "newsroom.E011",
                "SITE_URL is not an address like https://news.example.",
                "Set SITE_URL to scheme and host under which readers find the site, without a path.",
            )
        )
        return fallback
    return value


def allowed_hosts(host: str, site: str) -> list[str]:
    """Return the names the site answers to: this machine's loopback, HOST when it is one name, and SITE_URL's."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host and host not in ("0.0.0.0", "::", "[::]"):
        names.append(f"[{host}]" if ":" in host and not host.startswith("[") else host)
    if hostname := urlsplit(site).hostname:
        names.append(f"[{hostname}]" if ":" in hostname else hostname)
    return list(dict.fromkeys(names))


def transport(site: str) -> dict[str, Any]:
    """Return the settings that follow the scheme of SITE_URL: Secure, host-bound cookies and HSTS on https only.

    The `__Host-` prefix has browsers refuse a cookie planted by a subdomain or over plain http (RFC 6265bis, 4.1.3.2).
    """
    secure = site.startswith("https://")
    prefix = "__Host-" if secure else ""
    return {
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_NAME": f"{prefix}newsroom_session",
        "CSRF_COOKIE_SECURE": secure,
        "CSRF_COOKIE_NAME": f"{prefix}newsroom_csrf",
        "SECURE_HSTS_SECONDS": 63_072_000 if secure else 0,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": secure,
        "SECURE_HSTS_PRELOAD": secure,
        "CSRF_TRUSTED_ORIGINS": [site] if site else [],
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if secure else "http",
    }


def secret_keys(folder: Path) -> list[str]:
    """Return the keys kept in `folder`/secret_key, newest first, making one at the first start.

    One key a line: the first signs, the rest are still honoured. The file is complete before it gets its name, so two
    processes starting at once end with the same key, and none reads half of one.
    """
    path = folder / "secret_key"
    try:
        keys = path.read_text("ascii").split()
    except FileNotFoundError:
        keys = []
    if keys:
        return keys
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        if not path.read_text("ascii").split():
            os.replace(draft, path)
            return path.read_text("ascii").split()
    finally:
        draft.unlink(missing_ok=True)
    return path.read_text("ascii").split()


def given_keys(problems: list[Problem]) -> list[str]:
    """Return the keys of SECRET_KEY or of the file SECRET_KEY_FILE, newest first; notes a missing or weak one."""
    text = os.environ.get("SECRET_KEY", "")
    if path := os.environ.get("SECRET_KEY_FILE", ""):
        try:
            text = Path(path).read_text("utf-8")
        except OSError:
            problems.append(
                Problem(
                    "newsroom.E014", "SECRET_KEY_FILE cannot be read.", f"Let the service read {path}, or fix the path."
                )
            )
    keys = text.split()
    if not keys:
        problems.append(
            Problem(
                "newsroom.E015",
                "SECRET_KEY is not set.",
                "Set SECRET_KEY, or SECRET_KEY_FILE, to at least 50 random characters, the same on every host; "
                "former keys may follow it, separated by blanks.",
            )
        )
    elif min(map(len, keys)) < 32:
        problems.append(
            Problem(
                "newsroom.E016", "A SECRET_KEY is shorter than 32 characters.", "Use at least 50 random characters."
            )
        )
    return keys


def postgres(problems: list[Problem]) -> dict[str, Any]:
    """Return the database settings of DATABASE_URL: psycopg's pool, and time limits no transaction can outlive."""
    url = os.environ.get("DATABASE_URL", "")
    config: dict[str, Any] = {}
    try:
        config = dict(env.db_url_config(url)) if url else {}
    except (ValueError, environ.ImproperlyConfigured):
        config = {}
    if config.get("ENGINE") != "django.db.backends.postgresql":
        problems.append(
            Problem(
                "newsroom.E017",
                "DATABASE_URL does not name a PostgreSQL database.",
                "Set DATABASE_URL=postgres://user:password@host:5432/newsroom.",
            )
        )
        return {"ENGINE": "django.db.backends.dummy"}
    pool_size = number("DATABASE_POOL_SIZE", 8, problems, least=2, most=200)
    options = {**config.get("OPTIONS", {})}
    options["options"] = " ".join(filter(None, [options.get("options"), *TIME_LIMITS]))
    options.setdefault("connect_timeout", CONNECT_SECONDS)
    if os.environ.get("DATABASE_POOL", "on") != "off":
        patience = {"timeout": POOL_SECONDS, "reconnect_timeout": POOL_SECONDS}
        options["pool"] = {"min_size": 1, "max_size": pool_size, **patience}
    return {
        **config,
        "ENGINE": "newsroom.core.postgresql",
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


# How long a request waits for a connection of the pool. The pool itself gives up as soon, and tries anew when a request
# comes: going on it would double its pauses, and stay away for two minutes after an outage of two.
POOL_SECONDS = 5
CONNECT_SECONDS = 3
# A forgotten transaction would hold back the horizon behind which the page cache knows all writes.
TIME_LIMITS = [
    "-c idle_in_transaction_session_timeout=60s",
    "-c statement_timeout=60s",
    "-c lock_timeout=20s",
]


def cache() -> dict[str, Any]:
    """Return the cache settings: Valkey or Redis where VALKEY_URL or REDIS_URL names one, else each process its own."""
    if location := os.environ.get("VALKEY_URL") or os.environ.get("REDIS_URL"):
        for scheme in ("valkey", "valkeys"):
            location = location.replace(f"{scheme}://", f"{'rediss' if scheme == 'valkeys' else 'redis'}://", 1)
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": location,
            "KEY_PREFIX": "newsroom",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def s3(problems: list[Problem]) -> dict[str, Any] | None:
    """Return the storage settings of the S3 bucket S3_BUCKET names, or None when files stay on disk."""
    bucket = os.environ.get("S3_BUCKET")
    if not bucket:
        return None
    key, secret = os.environ.get("S3_ACCESS_KEY"), os.environ.get("S3_SECRET_KEY")
    if bool(key) != bool(secret):
        problems.append(
            Problem(
                "newsroom.E018",
                "Only one of S3_ACCESS_KEY and S3_SECRET_KEY is set.",
                "Set both, or neither where the host's own role gives access.",
            )
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": os.environ.get("S3_ENDPOINT_URL") or None,
            "region_name": os.environ.get("S3_REGION") or None,
            "access_key": key,
            "secret_key": secret,
            "file_overwrite": False,
            "default_acl": None,
            "querystring_auth": True,
        },
    }


def email(problems: list[Problem]) -> dict[str, Any]:
    """Return the mail settings of EMAIL_URL ("smtp+tls://user:password@host:587"); notes a problem when it is none."""
    try:
        config = dict(env.email_url_config(os.environ.get("EMAIL_URL", "")))
        good = str(config.get("EMAIL_BACKEND", "")).startswith("django.core.mail.backends.")
    except (KeyError, ValueError, environ.ImproperlyConfigured):
        good = False
    if good:
        config.pop("OPTIONS", None)
        return {name: value for name, value in config.items() if name.startswith("EMAIL_")}
    problems.append(
        Problem(
            "newsroom.E019",
            "EMAIL_URL does not name a mail server.",
            "Set EMAIL_URL=smtp+tls://user:password@host:587 (smtp:// without encryption, consolemail:// to print).",
        )
    )
    return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


def cdn(problems: list[Problem]) -> Cdn | None:
    """Return the shared cache in front that CDN, CDN_PURGE_URL and CDN_PURGE_TOKEN name; notes a problem in them."""
    kind = os.environ.get("CDN", "").strip().lower()
    if not kind:
        return None
    addresses = tuple(os.environ.get("CDN_PURGE_URL", "").split())
    token = os.environ.get("CDN_PURGE_TOKEN", "").strip()
    if kind in CDN_KINDS and token and addresses and all(map(can_be_called, addresses)):
        return Cdn(kind, addresses, token)
    problems.append(
        Problem(
            "newsroom.E020",
            "CDN is set, but not how to reach it.",
            f"Set CDN to one of {', '.join(CDN_KINDS)}, CDN_PURGE_URL to the address that purges by tag, and "
            "CDN_PURGE_TOKEN to what it asks for (docs/operators.md).",
        )
    )
    return None


def can_be_called(address: str) -> bool:
    """Whether `address` is one of http or https, with a host and without a password in it."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def sender(site: str) -> str:
    """Return the address mails come from: DEFAULT_FROM_EMAIL, else newsroom@ the site's host."""
    host = urlsplit(site).hostname or "localhost"
    return os.environ.get("DEFAULT_FROM_EMAIL") or f"newsroom@{host}"


def picture_storages(var_dir: Path, bucket: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """Return where pictures lie: originals below no public address, renditions in a place of their own.

    In a bucket both are private objects under a prefix each. On disk only the service's own group may read them, so
    that a web server in it can send renditions when Newsroom tells it to.
    """
    places = {"originals": "originals", "renditions": "media"}
    if bucket:
        options = bucket.get("OPTIONS", {})
        return {
            name: {**bucket, "OPTIONS": {**options, "location": place, "default_acl": "private"}}
            for name, place in places.items()
        }
    backend = "django.core.files.storage.FileSystemStorage"
    modes = {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750}
    return {
        name: {"BACKEND": backend, "OPTIONS": {"location": var_dir / place, "base_url": None, **modes}}
        for name, place in places.items()
    }
