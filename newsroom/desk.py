"""The one admin site on which articles and comments meet."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class DeskSite(admin.AdminSite):
    """The desk: editors and moderators work here."""

    site_header = "Newsroom"
    site_title = "Newsroom"
    index_title = _("My desk")
    enable_nav_sidebar = False
