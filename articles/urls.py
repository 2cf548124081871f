"""Public addresses of the articles app; mounted at the root, and below /en/ for English stories."""

from __future__ import annotations

from django.urls import path, re_path

from articles.views.article import article
from articles.views.home import home
from articles.views.section import section

app_name = "articles"
urlpatterns = [
    path("", home, name="home"),
    path("<slug:section>/", section, name="section"),
    # The id is permanent, section and slug are for people: any other spelling answers with a redirect.
    re_path(r"^(?P<section>[-\w]+)/(?P<slug>[-\w]+)-(?P<article_id>[0-9]{1,18})/$", article, name="article"),
]
