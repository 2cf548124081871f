"""Public addresses that exist once, whatever the language: what the site tells machines, and the right of reply."""

from __future__ import annotations

from django.urls import path

from articles.views.reply import reply_received, reply_request
from articles.views.sitemap import robots, sitemap_index, sitemap_news, sitemap_pages, sitemap_stories

urlpatterns = [
    path("hak-jawab/<int:article_id>/", reply_request, name="reply_request"),
    path("hak-jawab/terkirim/<str:token>/", reply_received, name="reply_received"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-news.xml", sitemap_news, name="sitemap_news"),
    path("sitemap-pages.xml", sitemap_pages, name="sitemap_pages"),
    path("sitemap-<int:number>.xml", sitemap_stories, name="sitemap_stories"),
]
