"""Whether this process lives, and whether it can serve."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsroom.core.leases import LEASE_SECONDS
from newsroom.core.models import WorkerLease


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process answers at all; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers, fits the code, and a worker is alive; else 503 saying which is not so."""
    report = {"database": False, "migrations": False, "worker": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        report["database"] = True
        report["migrations"] = is_migrated()
        fresh = timezone.now() - timedelta(seconds=LEASE_SECONDS)
        report["worker"] = WorkerLease.objects.filter(heartbeat_at__gte=fresh).exists()
    except DatabaseError:
        pass
    return JsonResponse(report, status=200 if all(report.values()) else 503)


def is_migrated() -> bool:
    """Say whether every migration of the code is applied to the database."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
