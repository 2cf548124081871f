"""Nothing that a fork would share stays open."""

from __future__ import annotations

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from pytest_django import DjangoDbBlocker

from newsroom.core import forking


@pytest.mark.postgresql
def test_a_pool_is_closed_with_its_connections(
    django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {**connections["default"].settings_dict, "NAME": "postgres"}
    settings["OPTIONS"] = {**settings["OPTIONS"], "pool": {"min_size": 1, "max_size": 2}}
    pooled = DatabaseWrapper(settings, "pooled")
    monkeypatch.setattr(connections, "all", lambda initialized_only: [pooled])
    with django_db_blocker.unblock():
        with pooled.cursor() as cursor:
            cursor.execute("SELECT 1")
        pool = pooled.pool
        assert pool is not None
        assert not pool.closed
        forking.let_go()
        assert pool.closed
        assert pooled.connection is None
