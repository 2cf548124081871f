"""Public addresses of the comments app."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "comments"
urlpatterns: list[URLPattern] = []
