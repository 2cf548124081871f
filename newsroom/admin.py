"""Where the two apps meet at the desk: the conversation's settings stand on the form of their story.

Found by Django's autodiscovery before any other admin module, so it loads both apps' first.
"""

from __future__ import annotations

from django.contrib import admin

from articles.models import Article
from comments.admin import ThreadInline

if admin.site.is_registered(Article):
    form = admin.site.get_model_admin(Article)
    form.inlines = (*form.inlines, ThreadInline)
