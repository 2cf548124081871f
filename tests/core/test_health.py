"""Alive is not ready: /healthz asks nothing, /readyz asks for database, migrations and a worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from newsroom.core import leases

pytestmark = pytest.mark.urls("tests.core.sample_urls")


def test_healthz_needs_no_database() -> None:
    # Without the django_db mark any query would fail.
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_wants_a_living_worker() -> None:
    assert Client().get("/readyz").json() == {"database": True, "migrations": True, "worker": False}
    leases.beat("w", timezone.now() - timedelta(seconds=leases.LEASE_SECONDS + 1))
    assert Client().get("/readyz").status_code == 503
    leases.beat("w", timezone.now())
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["worker"]) == (200, True)


@pytest.mark.django_db
def test_readyz_wants_the_database_to_fit_the_code() -> None:
    leases.beat("w", timezone.now())
    latest = MigrationLoader(connection).graph.leaf_nodes("core")[0]
    MigrationRecorder(connection).record_unapplied(*latest)
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, False)


@pytest.mark.django_db
def test_readyz_survives_a_broken_database() -> None:
    with connection.execute_wrapper(fail):
        response = Client().get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, False)


def fail(*_args: object) -> None:
    """Fail like a database that is away."""
    raise OperationalError("gone")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE"])
def test_health_is_only_read(path: str, method: str) -> None:
    assert Client().generic(method, path).status_code == 405
