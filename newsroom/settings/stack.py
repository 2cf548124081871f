"""The apps of others that Newsroom stands on. Imports nothing: benchmarks.bare measures these alone."""

from __future__ import annotations

BORROWED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "js_asset",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
]
