"""The embedded newsroom, or the production one where DATABASE_URL is set, spared what would only cost seconds here."""

from __future__ import annotations

import os

if "DATABASE_URL" in os.environ:
    from newsroom.settings.production import *  # noqa: F403
else:
    from newsroom.settings.embedded import *  # noqa: F403

STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
