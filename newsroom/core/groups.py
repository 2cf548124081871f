"""The groups of the newsroom, and how they come by what they may do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _

REPORTER = "reporter"
EDITOR = "editor"
MODERATOR = "moderator"
CHIEF_EDITOR = "chief_editor"
ADMINISTRATOR = "administrator"
# As people say it, and what each does, in the order in which they are offered.
LABELS: dict[str, Promise] = {
    REPORTER: _("Reporter"),
    EDITOR: _("Editor"),
    CHIEF_EDITOR: _("Chief editor"),
    MODERATOR: _("Moderator"),
    ADMINISTRATOR: _("Administrator"),
}
DUTIES: dict[str, Promise] = {
    REPORTER: _("writes own stories, up to approval"),
    EDITOR: _("edits, approves and publishes stories"),
    CHIEF_EDITOR: _("edits in every section, keeps sections, kills stories, moderates comments"),
    MODERATOR: _("decides on readers’ comments, never edits stories"),
    ADMINISTRATOR: _("invites people, keeps accounts, reads the logs"),
}
NAMES = (REPORTER, EDITOR, MODERATOR, CHIEF_EDITOR, ADMINISTRATOR)


def label(name: str) -> str:
    """Return a group's name in the reader's language."""
    return str(LABELS.get(name, name))


def declared() -> dict[str, set[tuple[str, str]]]:
    """Return group -> {(app label, codename)} from every app's `permissions.GROUP_PERMISSIONS`.

    An app names permissions as "app.codename", its own also as "codename" alone.
    """
    table: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for config in apps.get_app_configs():
        if config.module is None or not module_has_submodule(config.module, "permissions"):
            continue
        module = import_module(f"{config.name}.permissions")
        declarations: Mapping[str, Iterable[str]] = getattr(module, "GROUP_PERMISSIONS", {})
        for group, permissions in declarations.items():
            for permission in permissions:
                app_label, _dot, codename = permission.rpartition(".")
                table[group].add((app_label or config.label, codename))
    return table


def grant(using: str = "default", *, sender: AppConfig | None = None, **_kwargs: Any) -> None:
    """Give every group exactly what the apps declare, as far as it exists; runs after every migration.

    Every app sends that signal; it is the last one's that counts, when all permissions exist.

    What somebody added to a group by hand is taken back, so that rights are read in the code and nowhere else. Rights
    given to one person are left alone.
    """
    if sender is not None and sender is not last_app():
        return
    existing = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.using(using).select_related("content_type")
    }
    for name, permissions in declared().items():
        group, _made = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set([existing[key] for key in permissions if key in existing])


def last_app() -> AppConfig:
    """Return the app whose signal comes last; an app without models sends none."""
    return next(config for config in reversed(list(apps.get_app_configs())) if config.models_module is not None)
