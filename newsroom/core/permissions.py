"""What each group may do with the kernel's records."""

from __future__ import annotations

# Group -> permissions, as "app.codename". The administrator keeps accounts and reads logs, and has no say in stories.
GROUP_PERMISSIONS: dict[str, frozenset[str]] = {
    "reporter": frozenset(),
    "editor": frozenset(),
    "moderator": frozenset(),
    "chief_editor": frozenset({"core.view_auditentry", "core.view_user"}),
    "administrator": frozenset(
        {
            "core.view_user",
            "core.add_user",
            "core.change_user",
            "core.view_auditentry",
            "core.view_outboxmail",
            "auth.view_group",
        }
    ),
}
