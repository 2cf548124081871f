"""Public addresses of the comments app."""

from __future__ import annotations

from django.urls import path

from comments.views.branch import branch
from comments.views.received import received
from comments.views.write import write

app_name = "comments"
urlpatterns = [
    path("komentar/<int:article_id>/", write, name="write"),
    path("komentar/<int:article_id>/<int:comment_id>/", branch, name="branch"),
    path("komentar/terkirim/<str:token>/", received, name="received"),
]
