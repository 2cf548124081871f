"""Tables in a story scroll within themselves, reachable by keyboard."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.jinja.paper import dressed
from tests.factories import BODY, live_publication, make_live

pytestmark = pytest.mark.django_db

TABLE = "<table><tbody><tr><th><p>Hari</p></th></tr><tr><td><p>Rabu</p></td></tr></tbody></table>"


def test_each_table_gets_a_frame_that_scrolls_and_takes_focus(client: Client) -> None:
    article = make_live(body=BODY + TABLE + "<p>Antara.</p>" + TABLE)
    publication = live_publication(article, article.updated_at)
    assert publication
    html = dressed(publication)
    assert html.count('<div class="table" role="region" tabindex="0"') == html.count("</table></div>") == 2
    assert "<p>Antara.</p>" in html
