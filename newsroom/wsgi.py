"""The WSGI entry point: Django behind the front layer."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings.embedded")

application = get_wsgi_application()
