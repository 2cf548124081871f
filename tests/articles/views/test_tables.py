"""Tables in a story scroll within themselves, reachable by keyboard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from articles import notices, publishing, workflow
from articles.jinja.paper import dressed
from articles.models import Notice
from tests.factories import AT, BODY, live_publication, make_live, newest, person, save_article

pytestmark = pytest.mark.django_db

TABLE = "<table><tbody><tr><th><p>Hari</p></th></tr><tr><td><p>Rabu</p></td></tr></tbody></table>"


def test_each_table_gets_a_frame_that_scrolls_and_takes_focus(client: Client) -> None:
    article = make_live(body=BODY + TABLE + "<p>Antara.</p>" + TABLE)
    publication = live_publication(article, article.updated_at)
    assert publication
    html = dressed(publication)
    assert html.count('<div class="table" role="region" tabindex="0"') == html.count("</table></div>") == 2
    assert "<p>Antara.</p>" in html


def test_a_table_scrolls_in_the_history_too(client: Client) -> None:
    article, at = make_live(body=BODY + TABLE), AT + timedelta(hours=1)
    save_article(article, body=BODY + TABLE.replace("Rabu", "Kamis"), at=at)
    workflow.approve(article, revision=newest(article), by=person("ed"), at=at)
    draft = notices.Draft(Notice.Kind.CORRECTION, "Harinya Kamis.")
    publishing.publish(article, revision=newest(article), notice=draft, by=person("ed"), at=at)
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        publication = live_publication(article, at)
        assert publication
        html = client.get(f"{publication.path}riwayat/").content.decode()
    assert html.count('<div class="table" role="region" tabindex="0"') == html.count("</table></div>") == 1
    assert re.search("<ins[^>]*>Kamis<", html)
