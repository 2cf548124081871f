"""Addresses of the whole site; public ones last, as they begin at the root."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/mfa/", include("allauth.mfa.urls")),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
    path("en/", include("articles.urls", namespace="en")),
]
