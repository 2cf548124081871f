"""The desk: the one admin site on which articles and comments meet."""

from newsroom.desk.site import DeskSite

__all__ = ["DeskSite"]
