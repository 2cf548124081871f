"""Addresses of the whole site; public ones last, as they begin at the root."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from articles.views import media
from newsroom import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # Before the admin, which answers for all below it.
    path("admin/pictures/files/<str:name>", media.picture_file, name="picture_file"),
    path("admin/", admin.site.urls),
    path("media/<str:name>", media.media, name="media"),
    path("accounts/", include("newsroom.accounts.urls")),
    path("", include("articles.root_urls")),
    path("", include("comments.urls")),
    # Before the rest: "en" would pass for the name of a section.
    path("en/", include("articles.urls", namespace="en")),
    path("", include("articles.urls")),
]
# Looks for addresses that stories once had before it says 404.
handler404 = "articles.views.errors.not_found"
handler500 = "articles.views.errors.failed"
