"""`manage.py serve`: web and worker together, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import WARNING, Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from newsroom.core import forking
from newsroom.serving import address, launch, plan, web


class Command(BaseCommand):
    """Check everything once, then give way to the supervisor."""

    help = "Serve the site and run its background work, until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options; HOST and PORT come from the environment, which the settings read too."""
        parser.add_argument("--workers", type=int, default=plan.WEB_WORKERS, help="web processes")
        parser.add_argument("--threads", type=int, default=plan.WEB_THREADS, help="threads of each web process")
        parser.add_argument("--without-work", action="store_true", help="serve pages only; the work runs elsewhere")
        parser.add_argument("--greeting", type=Path, help="a file to print once the site answers")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse with one clear line, or serve."""
        host = os.environ.get("HOST") or address.DEFAULT_HOST
        try:
            port = address.parse_port(os.environ.get("PORT") or str(address.DEFAULT_PORT))
            site_url = os.environ.get("SITE_URL", "")
            address.require_site_url(host, site_url)
            address.require_free(host, port)
        except address.AddressProblem as problem:
            raise CommandError(str(problem)) from None
        require_migrated()
        # What the database itself must guard: pragmas, triggers. A missing guard is no mere warning to a server.
        self.check(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS], fail_level=WARNING)
        require_static()
        what = plan.plan(
            settings.BASE_DIR,
            host,
            port,
            workers=options["workers"],
            threads=options["threads"],
            work=not options["without_work"],
            announcement=announcement(host, port, site_url),
            greeting=options["greeting"],
        )
        forking.let_go()
        web_arguments = what["services"][0]["argv"][3:]
        programs = {"web": lambda: web.main(web_arguments), "worker": lambda: call_command("work")}
        launch.become_supervisor(settings.BASE_DIR, what, programs, threads=options["threads"])


def require_migrated() -> None:
    """Refuse a database that the code has outgrown.

    The files' names mostly suffice; only when one of them was never run, squashed perhaps, all are loaded to see.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if migrations_on_disk() <= MigrationRecorder(connection).applied_migrations().keys():
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is older than the code. Run: manage.py migrate (make run does it for you).")


def migrations_on_disk() -> set[tuple[str, str]]:
    """Return app and name of every migration there is, as Django finds them, without loading any."""
    found = set()
    for app in apps.get_app_configs():
        module_name, _ = MigrationLoader.migrations_module(app.label)
        if module_name and importlib.util.find_spec(module_name):
            modules = pkgutil.iter_modules(importlib.import_module(module_name).__path__)
            found |= {(app.label, name) for _, name, is_package in modules if not is_package and name[0] not in "_~"}
    return found


def require_static() -> None:
    """Refuse to serve pages whose style sheets were never collected."""
    if not (Path(settings.STATIC_ROOT or "") / "staticfiles.json").exists():
        raise CommandError(
            "The static files are not collected. Run: manage.py collectstatic (make run does it for you)."
        )


def announcement(host: str, port: int, site_url: str) -> str:
    """Return what is printed once the site answers."""
    home = site_url.rstrip("/") + "/" if site_url else address.url(host, port)
    return f"\nNewsroom   {home}\nAdmin      {home}admin/\n\nCtrl-C ends web and worker."
