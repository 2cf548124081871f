"""Where the two apps meet at the desk: the conversation's settings stand on the form of their story.

Found by Django's autodiscovery like any admin module. The AdminSite itself cannot do this: the apps' admin modules need
it to register, so it must not import them.
"""

from __future__ import annotations

from articles.admin.article import ArticleAdmin
from comments.admin import ThreadInline
from newsroom.accounts.admin import NewsroomGroupAdmin, StaffAdmin

__all__ = ["NewsroomGroupAdmin", "StaffAdmin"]

ArticleAdmin.inlines = (*ArticleAdmin.inlines, ThreadInline)  # type: ignore[assignment]
