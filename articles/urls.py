"""Public addresses of the articles app; mounted at the root, and below /en/ for English stories."""

from __future__ import annotations

from django.urls import path, re_path

from articles.views.archive import archive, archive_month
from articles.views.article import article
from articles.views.contributor import contributor
from articles.views.corrections import corrections, corrections_feed, withdrawals
from articles.views.feed import feed, section_feed
from articles.views.history import history
from articles.views.home import home
from articles.views.page import page
from articles.views.search import search
from articles.views.section import section
from articles.views.topic import topic

app_name = "articles"
urlpatterns = [
    path("", home, name="home"),
    path("arsip/", archive, name="archive"),
    re_path(r"^arsip/(?P<year>[0-9]{4})/(?P<month>0[1-9]|1[0-2])/$", archive_month, name="archive_month"),
    path("topik/<slug:slug>/", topic, name="topic"),
    path("penulis/<slug:slug>/", contributor, name="contributor"),
    path("cari/", search, name="search"),
    path("halaman/<slug:slug>/", page, name="page"),
    path("koreksi/", corrections, name="corrections"),
    path("koreksi/pencabutan/", withdrawals, name="withdrawals"),
    path("koreksi/feed/atom/", corrections_feed, name="corrections_feed"),
    path("feed/rss/", feed, {"form": "rss"}, name="feed_rss"),
    path("feed/atom/", feed, {"form": "atom"}, name="feed_atom"),
    path("<slug:section>/feed/rss/", section_feed, {"form": "rss"}, name="section_feed_rss"),
    path("<slug:section>/feed/atom/", section_feed, {"form": "atom"}, name="section_feed_atom"),
    path("<slug:section>/", section, name="section"),
    # The id is permanent, section and slug are for people: any other spelling answers with a redirect.
    re_path(r"^(?P<section>[-\w]+)/(?P<slug>[-\w]+)-(?P<article_id>[0-9]{1,18})/$", article, name="article"),
    re_path(r"^(?P<section>[-\w]+)/(?P<slug>[-\w]+)-(?P<article_id>[0-9]{1,18})/riwayat/$", history, name="history"),
]
