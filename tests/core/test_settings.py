"""Every wrong or missing setting is named, with its remedy; nothing is needed where the design says so."""

from __future__ import annotations

import os
import runpy
import stat
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections
from django.test import override_settings

from newsroom import checks as root_checks
from newsroom import env
from newsroom.core import appendonly, checks, csp

KEY = "k" * 50
GOOD = {
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgres://newsroom:pw@db.example:5433/newsroom",
    "SITE_URL": "https://news.example",
    "EMAIL_URL": "smtp+tls://me:pw@mail.example:587",
}


def read(tmp_path: Path, module: str, *names: str, **environment: str) -> dict[str, Any]:
    """Return settings of `module` as read afresh under the given environment alone."""
    alone = {"PATH": os.environ["PATH"], "NEWSROOM_VAR": str(tmp_path / "var"), **environment}
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # An address that is none is reported as a problem; the library that reads it warns besides.
        warnings.simplefilter("ignore")
        patch.setattr(os, "environ", alone)
        patch.setattr(env.environ.Env, "ENVIRON", alone)
        found = runpy.run_module(f"newsroom.settings.{module}")
    return {"ids": [problem.id for problem in found["ENV_PROBLEMS"]], **{name: found.get(name) for name in names}}


def test_embedded_needs_no_variable(tmp_path: Path) -> None:
    names = ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "DEBUG")
    found = read(tmp_path, "embedded", *names)
    assert found["ids"] == []
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert (found["SITE_URL"], found["DEBUG"]) == ("http://localhost:8000", False)
    assert (found["SESSION_COOKIE_SECURE"], found["SECURE_HSTS_SECONDS"]) == (False, 0)
    path = tmp_path / "var/keys/secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert found["SECRET_KEY"] == path.read_text().strip()
    assert read(tmp_path, "embedded", "SECRET_KEY")["SECRET_KEY"] == found["SECRET_KEY"]


def test_embedded_follows_the_address_of_the_site(tmp_path: Path) -> None:
    names = ("ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME", "SECURE_HSTS_SECONDS", "CSRF_COOKIE_NAME")
    found = read(tmp_path, "embedded", *names, HOST="0.0.0.0", SITE_URL="https://news.example/")
    assert found["ids"] == []
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]", "news.example"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600


@pytest.mark.parametrize(
    ("environment", "ids"),
    [
        ({"HOST": "0.0.0.0"}, ["newsroom.E012"]),
        ({"HOST": "192.0.2.7"}, ["newsroom.E012"]),
        ({"HOST": "::1"}, []),
        ({"HOST": "localhost", "PORT": "8080"}, []),
        ({"PORT": "eighty"}, ["newsroom.E010"]),
        ({"PORT": "70000"}, ["newsroom.E010"]),
        ({"TRUSTED_PROXY_COUNT": "-1"}, ["newsroom.E010"]),
        ({"PAGE_CACHE_MIB": "much"}, ["newsroom.E010"]),
        ({"SITE_URL": "news.example"}, ["newsroom.E011"]),
        ({"SITE_URL": "https://news.example/path"}, ["newsroom.E011"]),
        ({"SITE_URL": "https://user@news.example"}, ["newsroom.E011"]),
        ({"SITE_URL": "https://news.example:99999"}, ["newsroom.E011"]),
        ({"EMAIL_URL": "carrier-pigeon://x"}, ["newsroom.E019"]),
    ],
)
def test_embedded_names_what_is_wrong(tmp_path: Path, environment: dict[str, str], ids: list[str]) -> None:
    assert read(tmp_path, "embedded", **environment)["ids"] == ids


def test_production_reads_everything_from_the_environment(tmp_path: Path) -> None:
    names = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASES", "CACHES", "STORAGES", "EMAIL_HOST", "EMAIL_USE_TLS")
    environment = {
        **GOOD,
        "SECRET_KEY": f"{KEY} {'f' * 50}",
        "VALKEY_URL": "valkey://cache.example:6379/1",
        "S3_BUCKET": "pictures",
        "S3_ACCESS_KEY": "a",
        "S3_SECRET_KEY": "s",
    }
    found = read(tmp_path, "production", *names, **environment)
    assert found["ids"] == []
    assert (found["SECRET_KEY"], found["SECRET_KEY_FALLBACKS"]) == (KEY, ["f" * 50])
    database = found["DATABASES"]["default"]
    assert (database["ENGINE"], database["HOST"]) == ("newsroom.core.postgresql", "db.example")
    assert "idle_in_transaction_session_timeout" in database["OPTIONS"]["options"]
    assert database["OPTIONS"]["pool"]["max_size"] >= 2
    assert database["OPTIONS"]["pool"]["reconnect_timeout"] <= 5, "a longer one doubles every outage"
    assert found["CACHES"]["default"]["LOCATION"] == "redis://cache.example:6379/1"
    assert found["STORAGES"]["default"]["BACKEND"] == "storages.backends.s3.S3Storage"
    assert (found["EMAIL_HOST"], found["EMAIL_USE_TLS"]) == ("mail.example", True)
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"SECRET_KEY": ""}, ["newsroom.E015"]),
        ({"SECRET_KEY": "short"}, ["newsroom.E016"]),
        ({"SECRET_KEY_FILE": "/nowhere"}, ["newsroom.E014"]),
        ({"DATABASE_URL": ""}, ["newsroom.E017"]),
        ({"DATABASE_URL": "sqlite:///x"}, ["newsroom.E017"]),
        ({"DATABASE_URL": "rubbish"}, ["newsroom.E017"]),
        ({"SITE_URL": ""}, ["newsroom.E013"]),
        ({"EMAIL_URL": ""}, ["newsroom.E019"]),
        ({"S3_BUCKET": "pictures", "S3_ACCESS_KEY": "a"}, ["newsroom.E018"]),
        ({"DATABASE_POOL_SIZE": "0"}, ["newsroom.E010"]),
    ],
)
def test_production_names_what_is_wrong(tmp_path: Path, changes: dict[str, str], ids: list[str]) -> None:
    assert read(tmp_path, "production", **{**GOOD, **changes})["ids"] == ids


def test_a_key_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    environment = {**GOOD, "SECRET_KEY": "", "SECRET_KEY_FILE": str(tmp_path / "key")}
    found = read(tmp_path, "production", "SECRET_KEY", **environment)
    assert (found["ids"], found["SECRET_KEY"]) == ([], KEY)


def test_processes_starting_at_once_end_with_one_key(tmp_path: Path) -> None:
    keys: list[list[str]] = []
    start = threading.Barrier(8)

    def begin() -> None:
        start.wait()
        keys.append(env.secret_keys(tmp_path / "keys"))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({tuple(found) for found in keys}) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret_key"]


def test_an_empty_key_file_is_filled_and_a_second_line_is_a_former_key(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.touch()
    (made,) = env.secret_keys(tmp_path)
    path.write_text(f"new\n{made}\n")
    assert env.secret_keys(tmp_path) == ["new", made]


def test_the_collected_problems_become_checks() -> None:
    problem = env.Problem("newsroom.E099", "Wrong.", "Mend it.")
    with override_settings(ENV_PROBLEMS=[problem]):
        (error,) = root_checks.check_environment(None)
        assert (error.id, error.msg, error.hint, error.is_serious()) == ("newsroom.E099", "Wrong.", "Mend it.", True)
        with pytest.raises(ImproperlyConfigured, match="Mend it"):
            root_checks.insist()
    root_checks.insist()


@pytest.mark.parametrize(
    ("site", "ids"),
    [("http://news.example", ["newsroom.W001"]), ("https://news.example", []), ("http://localhost:8000", [])],
)
def test_plain_http_beyond_this_machine_is_warned_of(site: str, ids: list[str]) -> None:
    with override_settings(SITE_URL=site, HOST="127.0.0.1"):
        assert [message.id for message in root_checks.check_transport(None)] == ids


def test_another_editor_than_the_pinned_one_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_editor_version(None) == []
    monkeypatch.setattr(csp, "EDITOR_VERSION", "0.27.0")
    assert [error.id for error in checks.check_editor_version(None)] == ["core.E001"]


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"transaction_mode": "DEFERRED"}, ["core.E005"]),
        ({"timeout": 5}, ["core.E006"]),
        ({"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL"}, ["core.E003"]),
        ({"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"}, ["core.E004"]),
    ],
)
def test_sqlite_is_asked_what_is_really_in_force(tmp_path: Path, changes: dict[str, Any], ids: list[str]) -> None:
    options = {**settings.SQLITE_OPTIONS, **changes}
    wrapper = type(connections["default"])(
        {**connection.settings_dict, "NAME": str(tmp_path / "x.sqlite3"), "OPTIONS": options}, "x"
    )
    try:
        assert [error.id for error in checks.check_sqlite(wrapper)] == ids
    finally:
        wrapper.close()


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "ids"), [("60s", []), ("0", ["core.E009"]), ("1h", ["core.E009"])])
def test_postgresql_must_cut_off_idle_transactions(limit: str, ids: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{limit}'")
    assert [error.id for error in checks.check_postgresql(connection)] == ids


@pytest.mark.django_db
def test_an_unprotected_audit_log_is_an_error() -> None:
    assert checks.check_append_only("default") == []
    appendonly.remove()
    try:
        assert [error.id for error in checks.check_append_only("default")] == ["core.E010"]
    finally:
        appendonly.install()
